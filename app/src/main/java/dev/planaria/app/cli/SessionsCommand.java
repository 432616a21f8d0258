package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "sessions", description = "List the sessions, oldest first.")
final class SessionsCommand extends Subcommand {

  SessionsCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    try (SessionSource source = SessionSource.of(dataDirectory(), environment)) {
      JsonArray sessions = source.sessions();
      answer(
          JsonObject.builder().put("sessions", sessions).build(),
          sessions.items().isEmpty()
              ? "no sessions"
              : TextTable.of(
                      Shown.objects(sessions), "name", "status", "seq", "created_at", "session_id")
                  .toString());
      return ExitStatus.OK;
    }
  }
}
