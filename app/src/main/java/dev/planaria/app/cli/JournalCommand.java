package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "journal",
    description = {
      "Show a session's operations in order; by default the last ones.",
      "With --json each comes with what it changed."
    })
final class JournalCommand extends Subcommand {

  private static final int MOST = 10_000;

  @Parameters(paramLabel = "SESSION", description = "The session's name or id.")
  String session = "";

  @Option(names = "--from", paramLabel = "SEQ", description = "The first operation to show.")
  @Nullable Long from;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many to show, at most 10000 (default: ${DEFAULT-VALUE}).")
  int limit = 20;

  JournalCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    if (limit < 1 || limit > MOST) {
      throw new CommandFailure(
          ExitStatus.USAGE, "--limit must be between 1 and " + MOST + ", not " + limit);
    }
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      Long asked = from;
      long first = asked == null ? source.headOf(session) - limit + 1 : asked;
      JsonArray entries = source.journal(session, Math.max(1, first), limit);
      answer(
          JsonObject.builder().put("entries", entries).build(),
          entries.items().isEmpty()
              ? "no operations there"
              : TextTable.of(
                      Shown.objects(entries), "seq", "time", "type", "principal", "operation_id")
                  .toString());
      return ExitStatus.OK;
    }
  }
}
