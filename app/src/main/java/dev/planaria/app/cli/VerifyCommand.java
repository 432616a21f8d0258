package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Look at what is stored, change nothing, and say what is wrong and what to do about it.",
      "Reads what a recovery would read: the newest part of the journal, and each session's newest",
      "checkpoints. With --deep everything: SQLite's structure, the whole journal and its archive,",
      "every checkpoint, and every session replayed from its oldest operation.",
      "Ends with 0 when all is sound, with 7, 8 or 4 when the worst finding is LOW, MEDIUM or HIGH."
    })
final class VerifyCommand extends Subcommand {

  @Parameters(
      paramLabel = "SESSION",
      arity = "0..1",
      description = "Only this session, by id or name; left out, all of them and the store.")
  @Nullable String session;

  @Option(names = "--deep", description = "Read everything, however old.")
  boolean deep;

  VerifyCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    progress(deep ? "reading everything" : "reading what is newest");
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      String only = session;
      JsonObject report = only == null ? source.verify(deep) : source.verify(only, deep);
      answer(report, text(report));
      return status(report);
    }
  }

  private static ExitStatus status(JsonObject report) {
    return switch (Shown.text(report, "worst")) {
      case "" -> Shown.text(report, "sound").equals("false") ? ExitStatus.DAMAGED : ExitStatus.OK;
      case "low" -> ExitStatus.OUT_OF_BOUNDS;
      case "medium" -> ExitStatus.CONTRADICTION;
      default -> ExitStatus.DAMAGED;
    };
  }

  private static String text(JsonObject report) {
    var text = new StringBuilder();
    text.append("read ")
        .append(Shown.text(report, "frames"))
        .append(" frames with ")
        .append(Shown.text(report, "entries"))
        .append(" operations, and ")
        .append(Shown.text(report, "checkpoints"))
        .append(" checkpoints; looked at ")
        .append(Shown.text(report, "sessions"))
        .append(" sessions\n");
    Shown.objects(report, "checked").forEach(session -> session(text, session));
    List<JsonObject> ofStore = Shown.objects(report, "of_store");
    if (!ofStore.isEmpty()) {
      text.append("\nthe store itself\n");
      findings(text, ofStore);
      text.append(
          "  do: make a copy of the data directory; what concerns a session is told above\n");
    }
    boolean sound = status(report) == ExitStatus.OK;
    boolean deep = Shown.text(report, "deep").equals("true");
    if (sound) {
      text.append(deep ? "everything is sound" : "everything is sound that is needed now");
    } else if (!deep) {
      text.append("\nplanaria verify --deep reads everything");
    }
    return text.toString();
  }

  private static void session(StringBuilder text, JsonObject session) {
    text.append("\nsession ")
        .append(Shown.text(session, "name"))
        .append(" (")
        .append(Shown.text(session, "session_id"))
        .append("), ")
        .append(Shown.text(session, "seq"))
        .append(" operations; ")
        .append(Shown.text(session, "operations_replayed"))
        .append(" replayed, ")
        .append(Shown.text(session, "checkpoints_compared"))
        .append(" checkpoints compared with what they lead to\n");
    findings(text, Shown.objects(session, "findings"));
    text.append("  do: ").append(Shown.text(session, "action")).append('\n');
    String command = Shown.text(session, "command");
    if (!command.isEmpty()) {
      text.append("  run: ").append(command).append('\n');
    }
  }

  private static void findings(StringBuilder text, List<JsonObject> findings) {
    if (!findings.isEmpty()) {
      TextTable.of(findings, "severity", "code", "component", "ids", "sentence")
          .toString()
          .lines()
          .forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }
}
