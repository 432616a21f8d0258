package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Read the whole store and check it: every CRC, every chain, every checkpoint's SHA-256,",
      "and SQLite's own structure. Ends with 4 when something is not sound."
    })
final class VerifyCommand extends Subcommand {

  @Parameters(
      paramLabel = "SESSION",
      arity = "0..1",
      description = "Report only what concerns this session, and the store itself.")
  @Nullable String session;

  VerifyCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    progress("reading the whole store");
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      String only = session;
      String id = only == null ? "" : Shown.text(source.summaryOf(only), "session_id");
      JsonObject report = only == null ? source.verify() : concerning(id, source.verify());
      boolean sound = JsonBoolean.of(true).equals(report.get("sound"));
      answer(report, text(report, sound));
      return sound ? ExitStatus.OK : ExitStatus.DAMAGED;
    }
  }

  /// Leaves out what was found in other sessions.
  private static JsonObject concerning(String id, JsonObject report) {
    List<JsonValue> findings =
        Shown.objects(report, "findings").stream()
            .filter(finding -> List.of("", id).contains(Shown.text(finding, "session_id")))
            .<JsonValue>map(finding -> finding)
            .toList();
    return JsonObject.builder()
        .put("session_id", id)
        .put("sound", findings.isEmpty())
        .put("frames", report.get("frames"))
        .put("entries", report.get("entries"))
        .put("sessions", report.get("sessions"))
        .put("checkpoints", report.get("checkpoints"))
        .put("findings", new JsonArray(findings))
        .build();
  }

  private static String text(JsonObject report, boolean sound) {
    String read =
        "read "
            + Shown.text(report, "frames")
            + " frames with "
            + Shown.text(report, "entries")
            + " operations of "
            + Shown.text(report, "sessions")
            + " sessions, and "
            + Shown.text(report, "checkpoints")
            + " checkpoints\n";
    return sound
        ? read + "everything is sound"
        : read
            + TextTable.of(
                Shown.objects(report, "findings"),
                "severity",
                "component",
                "session_id",
                "sentence");
  }
}
