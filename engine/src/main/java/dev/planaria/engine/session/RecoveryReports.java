package dev.planaria.engine.session;

import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.Estimate;
import dev.planaria.engine.recovery.Recovery;
import dev.planaria.engine.recovery.RecoveryCodec;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Asked;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.StoredRecovery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes down what became of a session: in the run that follows a crash, or, when damage was found
/// at another time, in a record of its own. Thread-safe.
final class RecoveryReports {

  private final EngineParts parts;
  private final @Nullable RecoveryLedger ledger;

  /// @param ledger of the run after the crash, or null when there was none
  RecoveryReports(EngineParts parts, @Nullable RecoveryLedger ledger) {
    this.parts = parts;
    this.ledger = ledger;
  }

  /// What a recovery of this session is called.
  String recoveryId(SessionTail tail) {
    RecoveryLedger run = ledger;
    return run != null && run.concerns(tail.id())
        ? run.recoveryId()
        : parts.environment().newId().get().toString();
  }

  /// True when the session was active at the crash and its turn has not come.
  boolean concerns(SessionTail tail) {
    return ledger != null && ledger.concerns(tail.id());
  }

  /// A session serves again.
  ///
  /// @param after what it is now
  void recovered(
      SessionTail tail,
      String recoveryId,
      Recovery.Outcome outcome,
      SessionState after,
      @Nullable Asked asked) {
    SessionState before = outcome.before();
    Validation validation = before == null ? null : StateIntegrityValidator.validate(before, after);
    RecoveryRecord record = record(tail, recoveryId, outcome, null, asked, validation);
    if (report(tail, record)) {
      tell(new EngineEvent.SessionRecovered(record));
    }
  }

  /// A session does not.
  void quarantined(
      SessionTail tail,
      String recoveryId,
      Recovery.Outcome outcome,
      String reason,
      @Nullable Asked asked) {
    RecoveryRecord record = record(tail, recoveryId, outcome, reason, asked, null);
    if (report(tail, record)) {
      tell(new EngineEvent.SessionQuarantined(record));
    }
  }

  private void tell(EngineEvent event) {
    parts.tell(event);
    if (ledger != null) {
      ledger.tellWhenFinished();
    }
  }

  /// False when there is nothing to report: a sound session came back into memory.
  private boolean report(SessionTail tail, RecoveryRecord record) {
    RecoveryLedger run = ledger;
    if (run != null && run.concerns(tail.id())) {
      run.finish(tail, record);
      parts.tally().recovered(record);
      return true;
    }
    boolean sound = record.success() && record.findings().isEmpty();
    if (sound && record.asked() == null && !hasFailedBefore(tail.id())) {
      return false;
    }
    save(record);
    return true;
  }

  /// True when the last attempt to bring a session back has failed, so that its being sound ends
  /// that failure. Of a record that cannot be read nobody knows; its session serves all the same.
  private boolean hasFailedBefore(SessionId session) {
    try {
      return parts.store().recoveries(Optional.of(session), 1).stream()
          .anyMatch(json -> !RecoveryCodec.record(json).success());
    } catch (FieldException | JsonSyntaxException | IllegalArgumentException unreadable) {
      return false;
    }
  }

  /// What is stored of a session that serves was damaged, and is right again.
  void mended(RecoveryRecord record) {
    save(record);
    parts.tell(new EngineEvent.SessionRecovered(record));
  }

  /// Writes a record down that belongs to no run.
  void save(RecoveryRecord record) {
    parts.tally().recovered(record);
    parts
        .writer()
        .write(() ->
            parts
                .store()
                .saveRecoveries(
                    List.of(
                        new StoredRecovery(
                            record.recoveryId(),
                            Optional.of(record.sessionId()),
                            record.finishedAtMillis(),
                            Json.write(RecoveryCodec.toJson(record))))));
  }

  private RecoveryRecord record(
      SessionTail tail,
      String recoveryId,
      Recovery.Outcome outcome,
      @Nullable String reason,
      @Nullable Asked asked,
      @Nullable Validation validation) {
    long lost = outcome.operationsLost();
    // A session whose turn is over, or never was to come, fails of something else than the crash.
    CrashEvent crash = ledger != null && ledger.concerns(tail.id()) ? ledger.crash() : null;
    boolean looking = crash != null || asked != null;
    if (parts.detections().met(tail.id(), outcome.findings(), looking, reason == null)) {
      outcome.findings().stream()
          .limit(MOST_FINDINGS)
          .forEach(finding -> parts.tell(new EngineEvent.DamageFound(finding)));
    }
    long now = parts.nowMillis();
    return new RecoveryRecord(
        recoveryId,
        tail.id(),
        tail.name(),
        failure(crash, reason == null && outcome.findings().isEmpty()),
        outcome.row().strategy(),
        reason == null,
        reason,
        crash == null ? now - millisOf(outcome.phaseMicros()) : crash.failedAtMillis(),
        now,
        outcome.phaseMicros(),
        outcome.checkpointId(),
        outcome.replayed(),
        lost,
        outcome.operationsPossiblyLost(),
        outcome.checks(),
        outcome.checksPassed(),
        Estimate.percent(lost, outcome.content().image().seq()),
        outcome.lost(),
        outcome.estimate().operationsLost(),
        outcome.findings().stream()
            .limit(MOST_FINDINGS)
            .map(finding -> finding.sentence())
            .toList(),
        outcome.row().priority(),
        outcome.estimate().millis().isPresent() ? outcome.estimate().millis().getAsLong() : null,
        outcome.content().image().state().connections().size(),
        asked,
        validation);
  }

  private static Failure failure(@Nullable CrashEvent crash, boolean sound) {
    if (!sound) {
      return Failure.STATE_CORRUPTION;
    }
    if (crash == null) {
      return Failure.NONE;
    }
    return switch (crash.type()) {
      case PROCESS_CRASH -> Failure.PROCESS_CRASH;
      case PROCESS_HANG -> Failure.PROCESS_HANG;
    };
  }

  /// How long all phases of a recovery took.
  static long millisOf(Map<String, Long> phaseMicros) {
    return phaseMicros.values().stream().mapToLong(Long::longValue).sum() / 1_000;
  }

  /// A damaged session can give a finding for each of its operations; the counts tell the rest.
  private static final int MOST_FINDINGS = 100;
}
