package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.recovery.EntryReader;
import dev.planaria.engine.recovery.Examination;
import dev.planaria.engine.recovery.JournalWalk;
import dev.planaria.engine.recovery.Recovery;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.recovery.SessionLoader;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Looks at a store that no process serves, and changes nothing in it. Thread-safe.
public final class Inspection implements AutoCloseable {

  private final Store store;
  private final TailScan.Result scan;

  private Inspection(Store store) {
    this.store = store;
    this.scan = TailScan.run(store);
  }

  /// Opens the store of a directory for reading; takes its lock, so that nobody starts to serve it
  /// meanwhile.
  ///
  /// @throws dev.planaria.engine.storage.sqlite.StoreLocked when a process serves it: ask that one
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when there is none, or it
  ///   cannot be read
  public static Inspection open(Path directory) {
    return new Inspection(SqliteStore.openReadOnly(directory));
  }

  /// All sessions, oldest first.
  public List<SessionSummary> sessions() {
    var summaries = new ArrayList<SessionSummary>();
    for (SessionTail tail : scan.sessions().values()) {
      summaries.add(summary(tail));
    }
    summaries.sort((a, b) -> a.id().compareTo(b.id()));
    return List.copyOf(summaries);
  }

  private static SessionSummary summary(SessionTail tail) {
    return new SessionSummary(
        tail.id(),
        tail.name(),
        tail.damage() == null ? tail.status() : SessionStatus.RECOVERING,
        tail.createdAtMillis(),
        tail.seq(),
        false);
  }

  /// Finds a session by id or name.
  public Optional<SessionSummary> find(String idOrName) {
    return scan.sessions().values().stream()
        .filter(tail -> tail.name().equals(idOrName) || tail.id().toString().equals(idOrName))
        .findFirst()
        .map(Inspection::summary);
  }

  /// A session's state as a recovery would bring it back.
  ///
  /// @throws SessionUnavailable when there is no such session
  public SessionView view(SessionId id, LongSupplier nanoTime) {
    SessionTail tail = scan.sessions().get(id);
    if (tail == null) {
      throw new SessionUnavailable(id, "there is no session " + id + " in this store");
    }
    var request = new Recovery.Request("inspection", nowOf(tail), new RecoveryChoice.ByTable());
    Recovery.Outcome outcome =
        new Recovery(store, List.of(), nanoTime, RecoveryGuarantees.ALL).recover(tail, request);
    SessionImage image = outcome.content().image();
    SessionState state = image.state();
    for (Operation repair : outcome.repairs()) {
      state = Transition.apply(state, repair, state.updatedAtMillis());
    }
    return new SessionView(outcome.failure() == null ? state : state.quarantined(), image.head());
  }

  private static long nowOf(SessionTail tail) {
    // Nothing is written, so that the time matters only in what is shown as repaired.
    return tail.createdAtMillis();
  }

  /// A session's state after one of its operations.
  ///
  /// @throws SessionUnavailable when there is no such session or operation, or what is needed for
  ///   it is not intact
  public SessionView viewAt(SessionId id, long seq) {
    SessionTail tail = scan.sessions().get(id);
    if (tail == null || seq < 1 || seq > tail.seq()) {
      throw new SessionUnavailable(
          id, "there is no operation " + seq + " of a session " + id + " in this store");
    }
    try {
      SessionImage image = new SessionLoader(store).stateAt(id, seq, at -> indexOf(tail, at));
      return new SessionView(image.state(), image.head());
    } catch (RecoveryFailed failed) {
      throw new SessionUnavailable(id, failed.finding());
    } catch (DamagedException | UndecodableException damaged) {
      throw new SessionUnavailable(id, String.valueOf(damaged.getMessage()));
    }
  }

  private Optional<FrameSpans> indexOf(SessionTail tail, long seq) {
    return seq >= tail.index().firstSeq()
        ? Optional.of(tail.index().spans())
        : store.spansHolding(tail.id(), seq);
  }

  /// Hands a session's operations from a seq on to the visitor, in order.
  public void journal(SessionId id, long fromSeq, int limit, Consumer<Entry> visitor) {
    SessionTail tail = scan.sessions().get(id);
    if (tail != null) {
      JournalWalk.run(
          new EntryReader(store),
          seq -> indexOf(tail, seq),
          new JournalWalk.Range(id, fromSeq, tail.seq(), limit),
          visitor);
    }
  }

  /// A session's checkpoints, newest first.
  public List<CheckpointInfo> checkpoints(SessionId id) {
    return store.checkpoints(id);
  }

  /// Checks what is asked for.
  ///
  /// @param nanoTime a monotonic clock
  public VerificationReport verify(VerificationReport.Scope scope, LongSupplier nanoTime) {
    return new Examination(store, nanoTime).run(scope);
  }

  @Override
  public void close() {
    store.close();
  }
}
