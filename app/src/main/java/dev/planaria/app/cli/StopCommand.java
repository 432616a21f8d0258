package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(
    name = "stop",
    description =
        "End the daemon in order: calls under way are finished, then the store is closed.")
final class StopCommand extends Subcommand {

  StopCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    daemon.post("/api/v1/daemon/stop", JsonObject.EMPTY);
    answer(
        JsonObject.builder().put("stopping", true).build(),
        "the daemon (process " + daemon.daemon().front().pid() + ") is ending");
    return ExitStatus.OK;
  }
}
