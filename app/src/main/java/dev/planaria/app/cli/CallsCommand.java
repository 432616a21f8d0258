package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "calls",
    description = {
      "List the calls of a session to servers behind Planaria, oldest first, with what became",
      "of each. Calls that change nothing are not written down."
    })
final class CallsCommand extends Subcommand {

  @Parameters(paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only calls of this status: queued, sent, completed, failed, unknown, ...")
  @Nullable String status;

  CallsCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    JsonArray calls = of(DaemonClient.require(dataDirectory()), session, status);
    answer(
        JsonObject.builder().put("calls", calls).build(),
        calls.items().isEmpty() ? "no calls" : table(calls));
    return ExitStatus.OK;
  }

  /// The calls of a session.
  ///
  /// @param status of which status, or null for all
  static JsonArray of(DaemonClient daemon, String session, @Nullable String status)
      throws IOException {
    JsonArray all =
        daemon.get("/api/v1/sessions/" + encoded(session) + "/calls") instanceof JsonArray list
            ? list
            : JsonArray.EMPTY;
    if (status == null) {
      return all;
    }
    List<JsonValue> wanted =
        all.items().stream()
            .filter(call ->
                call instanceof JsonObject object && Shown.text(object, "status").equals(status))
            .toList();
    return new JsonArray(wanted);
  }

  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String table(JsonArray calls) {
    return TextTable.of(
            Shown.objects(calls),
            "accepted_at",
            "connection",
            "target",
            "status",
            "class",
            "attempts",
            "principal",
            "operation_id",
            "reason")
        .toString();
  }
}
