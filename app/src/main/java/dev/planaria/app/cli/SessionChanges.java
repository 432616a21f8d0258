package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.storage.sqlite.OnLoss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Where commands change sessions: at the daemon that serves them, or in the store when none does.
/// Both take and give the same JSON (see [dev.planaria.app.api.SessionActions]), and refuse with a
/// [CommandFailure].
sealed interface SessionChanges extends AutoCloseable permits DaemonChanges, StoredChanges {

  /// The place for a data directory.
  ///
  /// @throws CommandFailure when there is no store, or another process holds it
  static SessionChanges of(Path dataDirectory, CliEnvironment environment) throws IOException {
    Optional<DaemonClient> daemon = DaemonClient.find(dataDirectory);
    return daemon.isPresent()
        ? new DaemonChanges(daemon.get())
        : StoredChanges.open(dataDirectory, environment, OnLoss.REFUSE);
  }

  /// As [#of], but a store is made where there is none.
  static SessionChanges ofNew(Path dataDirectory, CliEnvironment environment) throws IOException {
    Optional<DaemonClient> daemon = DaemonClient.find(dataDirectory);
    return daemon.isPresent()
        ? new DaemonChanges(daemon.get())
        : StoredChanges.openOrMake(dataDirectory, environment, OnLoss.REFUSE);
  }

  /// Takes a session over from a file in the [dev.planaria.app.api.TransferDirectory].
  JsonObject bring(JsonObject body) throws IOException;

  /// Does something with a session.
  ///
  /// @param reference the session's id or name
  /// @param action what to do
  JsonObject change(String reference, String action, JsonObject body) throws IOException;

  @Override
  void close();
}
