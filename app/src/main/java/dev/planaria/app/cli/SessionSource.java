package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where commands read sessions: from the daemon that serves them, or from the store when none
/// does. Both give the same JSON. A session is named by its id or its name; one that does not exist
/// is a [CommandFailure] with [ExitStatus#NOT_FOUND].
sealed interface SessionSource extends AutoCloseable permits DaemonSessions, StoredSessions {

  /// The source for a data directory.
  ///
  /// @throws CommandFailure when there is no store, or another process holds it
  static SessionSource of(Path dataDirectory, CliEnvironment environment) throws IOException {
    Optional<DaemonClient> daemon = DaemonClient.find(dataDirectory);
    return daemon.isPresent()
        ? new DaemonSessions(daemon.get())
        : StoredSessions.open(dataDirectory, environment.sources().nanoTime());
  }

  /// All sessions, oldest first.
  JsonArray sessions() throws IOException;

  /// One session with all that is in it.
  JsonObject session(String reference) throws IOException;

  /// A session's checkpoints, newest first.
  JsonArray checkpoints(String reference) throws IOException;

  /// A session's operations in order.
  ///
  /// @param fromSeq the first one
  /// @param limit how many at most
  JsonArray journal(String reference, long fromSeq, int limit) throws IOException;

  /// What a check found: of the newest data, or of everything.
  JsonObject verify(boolean deep) throws IOException;

  /// As the other, of one session.
  JsonObject verify(String reference, boolean deep) throws IOException;

  /// The last operation of a session.
  default long headOf(String reference) throws IOException {
    return Shown.number(summaryOf(reference), "seq");
  }

  /// The line of a session in the list.
  default JsonObject summaryOf(String reference) throws IOException {
    return Shown.objects(sessions()).stream()
        .filter(session ->
            Shown.text(session, "name").equals(reference)
                || Shown.text(session, "session_id").equals(reference))
        .findFirst()
        .orElseThrow(() -> noSession(reference));
  }

  /// There is none of that name.
  static CommandFailure noSession(String reference) {
    return new CommandFailure(
        ExitStatus.NOT_FOUND,
        "there is no session " + Shown.plain(reference) + "; planaria sessions lists them");
  }

  @Override
  void close();
}
