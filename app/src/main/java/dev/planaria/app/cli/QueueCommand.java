package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "queue",
    description = {
      "List the calls of a session that wait for their server, take one back, or send one of",
      "unknown outcome again. planaria calls says the operation ids."
    })
final class QueueCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  @Option(
      names = "--cancel",
      paramLabel = "ID",
      description = "Take back the call with this operation id; it must not be sent yet.")
  @Nullable String cancel;

  @Option(
      names = "--retry",
      paramLabel = "ID",
      description =
          "Send the call with this operation id again, whose outcome is unknown: it may then run"
              + " twice.")
  @Nullable String retry;

  @Option(
      names = "--principal",
      paramLabel = "NAME",
      description = "Whose call it is (${DEFAULT-VALUE}).")
  String principal = "operator";

  QueueCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (cancel != null && retry != null) {
      throw new CommandFailure(ExitStatus.USAGE, "--cancel and --retry exclude each other");
    }
    DaemonClient daemon = DaemonClient.require(dataDirectory());
    if (cancel != null) {
      return changed(daemon, "cancel", cancel, " is taken back");
    }
    if (retry != null) {
      return changed(daemon, "retry", retry, " is sent again");
    }
    JsonArray calls = CallsCommand.of(daemon, session, "queued");
    answer(
        JsonObject.builder().put("calls", calls).build(),
        calls.items().isEmpty() ? "nothing waits" : CallsCommand.table(calls));
    return ExitStatus.OK;
  }

  private ExitStatus changed(DaemonClient daemon, String action, String id, String words)
      throws IOException {
    JsonObject body =
        JsonObject.builder().put("principal", principal).put("operation_id", id).build();
    JsonObject call =
        daemon.post("/api/v1/sessions/" + CallsCommand.encoded(session) + "/calls/" + action, body)
                instanceof JsonObject answered
            ? answered
            : JsonObject.EMPTY;
    answer(call, "call " + Shown.plain(id) + words);
    return ExitStatus.OK;
  }
}
