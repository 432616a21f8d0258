package dev.planaria.app.cli;

import dev.planaria.app.daemon.FrontOptions;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {
      "Look whether everything is there to run well, and say what to do where it is not.",
      "Ends with 1 when something keeps planaria from running; warnings end with 0."
    })
final class DoctorCommand extends Subcommand {

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + FrontOptions.DEFAULT_PORT,
      description = "The port that the daemon is to listen on (default: ${DEFAULT-VALUE}).")
  int port = FrontOptions.DEFAULT_PORT;

  DoctorCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() {
    var found = new ArrayList<Check>();
    var machine = new MachineChecks(environment);
    found.add(machine.java());
    found.add(machine.maven());
    found.add(machine.fastStart());
    var data = new DataChecks(dataDirectory(), environment.sources().nanoTime());
    found.add(data.permissions());
    found.add(data.space());
    found.add(data.syncSpeed());
    var daemon = new DaemonChecks(dataDirectory(), port);
    found.add(daemon.daemon());
    found.add(daemon.port());
    boolean failed = found.stream().anyMatch(check -> check.standing() == Check.Standing.FAIL);
    answer(json(found, !failed), text(found));
    return failed ? ExitStatus.FAILED : ExitStatus.OK;
  }

  private static JsonObject json(List<Check> found, boolean healthy) {
    List<JsonValue> checks = new ArrayList<>();
    found.forEach(check -> checks.add(check.json()));
    return JsonObject.builder()
        .put("healthy", healthy)
        .put("checks", new JsonArray(checks))
        .build();
  }

  private static String text(List<Check> found) {
    var lines = new ArrayList<String>();
    found.forEach(check -> lines.add(check.text()));
    return String.join("\n", lines);
  }
}
