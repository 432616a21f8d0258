package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Durable sessions on one data directory. Thread-safe; callers block until their operation is on
/// disk.
@SuppressWarnings("DoNotCallSuggester")
public final class SessionEngine implements AutoCloseable {

  private SessionEngine() {}

  /// Opens the store, or makes one; verifies its tail and serves at once, while sessions that were
  /// active at a crash are recovered in the background (a touched one first).
  ///
  /// @param crash what the process monitor saw of the last process, or null when nobody watched
  public static SessionEngine open(
      Path directory,
      EngineSettings settings,
      EngineEnvironment environment,
      @Nullable CrashEvent crash) {
    throw new UnsupportedOperationException();
  }

  /// Opens the session of that name, or creates it. Without a name a new one is created (repeats
  /// under one operation id give the same one).
  public Opened openSession(
      @Nullable String name,
      @Nullable SessionId parent,
      SwarmConfiguration configuration,
      Caller caller) {
    throw new UnsupportedOperationException();
  }

  /// Decides a command and returns when the operation is on disk.
  ///
  /// @throws dev.planaria.engine.state.Refusal when it is not accepted; nothing changed
  /// @throws SessionUnavailable when the session is damaged
  /// @throws StoreUnavailable when the store takes no writes; nothing changed
  /// @throws OutcomeUnknown when a commit failed and cannot be resolved yet
  public Committed submit(SessionId session, Command command, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /// The session as it is on disk.
  public SessionView view(SessionId session) {
    throw new UnsupportedOperationException();
  }

  /// Finds a session by id or name.
  public Optional<SessionSummary> find(String idOrName) {
    throw new UnsupportedOperationException();
  }

  /// All sessions, by id, that is, oldest first.
  public List<SessionSummary> sessions() {
    throw new UnsupportedOperationException();
  }

  /// What the session says of a receipt.
  public ReceiptStanding standing(Receipt receipt) {
    throw new UnsupportedOperationException();
  }

  /// What is known of an operation id.
  public OperationLookup operation(SessionId session, Caller caller) {
    throw new UnsupportedOperationException();
  }

  /// Takes a full checkpoint now, reads it back and compares it.
  public CheckpointInfo checkpoint(SessionId session, @Nullable String label) {
    throw new UnsupportedOperationException();
  }

  /// A session's checkpoints, newest first.
  public List<CheckpointInfo> checkpoints(SessionId session) {
    throw new UnsupportedOperationException();
  }

  /// Recovery runs, newest first.
  public List<RecoveryRun> recoveryRuns(int limit) {
    throw new UnsupportedOperationException();
  }

  /// A session's recoveries, newest first.
  public List<RecoveryRecord> recoveries(SessionId session, int limit) {
    throw new UnsupportedOperationException();
  }

  /// Returns after a round trip through the journal writer; throws when it does not answer.
  public void probe() {
    throw new UnsupportedOperationException();
  }

  /// Finishes what was accepted, marks the store as cleanly closed, and releases it.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
