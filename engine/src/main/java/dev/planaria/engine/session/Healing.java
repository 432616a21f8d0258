package dev.planaria.engine.session;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.recovery.Recovery;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.recovery.RecoveryRecord.Asked;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.SessionId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Lets a session serve that was recovered: what was lost and repaired is journalled, and on disk,
/// before anybody sees the session. Thread-safe.
final class Healing {

  private static final System.Logger LOG = System.getLogger(Healing.class.getName());

  private final EngineParts parts;
  private final Recovery recovery;
  private final Checkpointer checkpointer;
  private final RecoveryReports reports;

  /// @param damaged sessions that were found to be damaged at the opening
  Healing(
      EngineParts parts,
      Checkpointer checkpointer,
      RecoveryReports reports,
      Collection<SessionId> damaged) {
    this.parts = parts;
    this.checkpointer = checkpointer;
    this.reports = reports;
    this.recovery =
        new Recovery(
            parts.store(), damaged, parts.environment().nanoTime(), parts.guarantees().recovery());
  }

  /// As the others; nobody asked for it, and the table decides.
  LiveSession recoverByTable(SessionTail tail) {
    return recover(tail, new RecoveryChoice.ByTable());
  }

  /// As the other; nobody asked for it.
  LiveSession recover(SessionTail tail, RecoveryChoice choice) {
    return recover(tail, choice, null);
  }

  /// Recovers a session and lets it serve.
  ///
  /// @throws RecoveryFailed when it must not serve; nothing of it was changed
  /// @throws StoreUnavailable when the store takes no writes; try again
  LiveSession recover(SessionTail tail, RecoveryChoice choice, @Nullable Asked asked) {
    if (parts.guarantees().recovery().contained()) {
      return recoverAlone(tail, choice, asked);
    }
    synchronized (recovery) {
      return recoverAlone(tail, choice, asked);
    }
  }

  private LiveSession recoverAlone(SessionTail tail, RecoveryChoice choice, @Nullable Asked asked) {
    String recoveryId = reports.recoveryId(tail);
    Recovery.Outcome outcome =
        recovery.recover(tail, new Recovery.Request(recoveryId, parts.nowMillis(), choice));
    String failure = outcome.failure();
    if (failure != null) {
      reports.quarantined(tail, recoveryId, outcome, failure, asked);
      throw new RecoveryFailed(failure, outcome.content().image());
    }
    var session = new LiveSession(outcome.content(), outcome.index(), parts);
    journal(session, outcome);
    if (reports.concerns(tail)) {
      session.resume(recoveryId);
    }
    // Also when an earlier attempt has written its repair down and died before its checkpoint.
    if (!outcome.findings().isEmpty() || tail.isIntricate()) {
      checkpoint(session);
    }
    recovery.settled(tail.id());
    reports.recovered(tail, recoveryId, outcome, session.view().state(), asked);
    return session;
  }

  private static void journal(LiveSession session, Recovery.Outcome outcome) {
    @Nullable PendingOperation last = null;
    try {
      for (Operation repair : outcome.repairs()) {
        last = session.appendDecided(repair);
      }
    } catch (JournalException.Closed closed) {
      throw new StoreUnavailable("the engine is closed, so nothing was changed", closed);
    }
    if (last == null) {
      return;
    }
    try {
      var _ = last.await();
    } catch (OutcomeUnknown unknown) {
      // It may still reach the disk, so that nothing else may be appended by this process.
      throw new RecoveryFailed(
          "whether its repair is on disk is not known yet; start the daemon again");
    }
  }

  /// What a recovery by the table would find and do, were it made now. Changes nothing.
  Recovery.Outcome foresee(SessionTail tail) {
    return recovery.recover(
        tail, new Recovery.Request("foreseen", parts.nowMillis(), new RecoveryChoice.ByTable()));
  }

  /// So that the next recovery begins behind the damage. Not needed for this one.
  private void checkpoint(LiveSession session) {
    try {
      var _ = checkpointer.take(session, null);
    } catch (JournalException | DamagedException | StoreUnavailable e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "session " + session.id() + " was healed, and could not be checkpointed; it will be",
          e);
    }
  }
}
