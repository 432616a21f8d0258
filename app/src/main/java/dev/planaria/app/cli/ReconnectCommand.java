package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "reconnect",
    description = {
      "Connect a server behind Planaria anew, now. A server that is a child of the daemon is",
      "ended and started again."
    })
final class ReconnectCommand extends Subcommand {

  @Parameters(index = "0", paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  @Parameters(index = "1", paramLabel = "SERVER", description = "The server's name in it.")
  String server = "";

  ReconnectCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    String path =
        "/api/v1/upstreams/"
            + CallsCommand.encoded(session)
            + "/"
            + CallsCommand.encoded(server)
            + "/reconnect";
    if (!(daemon.post(path, JsonObject.EMPTY) instanceof JsonObject answered)
        || !JsonBoolean.of(true).equals(answered.get("reconnecting"))) {
      throw new CommandFailure(
          ExitStatus.NOT_FOUND,
          "no such server is in use in that session; planaria upstreams lists them");
    }
    answer(answered, Shown.plain(server) + " is being connected anew");
    return ExitStatus.OK;
  }
}
