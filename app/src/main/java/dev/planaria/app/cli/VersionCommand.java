package dev.planaria.app.cli;

import dev.planaria.app.daemon.Build;
import dev.planaria.engine.json.JsonObject;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Say which version this is.")
final class VersionCommand extends Subcommand {

  VersionCommand(CliEnvironment environment) {
    super(environment);
  }

  /// Which build this is.
  static String version() {
    return Build.version();
  }

  @Override
  ExitStatus run() {
    String java = System.getProperty("java.vendor") + " " + Runtime.version();
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    answer(
        JsonObject.builder()
            .put("version", version())
            .put("java", java)
            .put("system", system)
            .build(),
        "planaria " + version() + " (Java: " + java + "; " + system + ")");
    return ExitStatus.OK;
  }
}
