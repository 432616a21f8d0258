package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.BadCheckpoint;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.Finding.Code;
import dev.planaria.engine.integrity.StateIntegrityValidator;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.recovery.DecisionTable;
import dev.planaria.engine.recovery.DecisionTable.Row;
import dev.planaria.engine.recovery.DecisionTable.Situation;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.recovery.Level;
import dev.planaria.engine.recovery.RecoveryFailed;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Asked;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.state.Consistency;
import dev.planaria.engine.state.UndecodableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Compares what is stored of a session that serves with what it serves from. Callers were answered
/// from memory, so memory is right, and no recovery could do better: where what is stored is
/// damaged, a full checkpoint is written, behind which the next recovery begins. Thread-safe.
final class StoredCopies {

  private final EngineParts parts;
  private final Checkpointer checkpointer;

  StoredCopies(EngineParts parts, Checkpointer checkpointer) {
    this.parts = parts;
    this.checkpointer = checkpointer;
  }

  /// What was seen.
  ///
  /// @param image what the session serves from
  /// @param stored what is stored of it, put together; empty when that cannot be done
  /// @param findings what is wrong, on all three levels
  /// @param micros how long it took
  record Look(
      SessionImage image, Optional<SessionImage> stored, List<Finding> findings, long micros) {

    Look {
      findings = List.copyOf(findings);
    }

    boolean isSound() {
      return findings.isEmpty();
    }

    /// What a recovery by the table would be called. Nothing is lost, whatever is damaged.
    Row row() {
      Level worst = Level.worstOf(findings);
      Where where = worst == Level.HIGH ? Where.NEWEST_CHECKPOINT : Where.NOWHERE;
      return DecisionTable.decide(new Situation(worst, where, true, false));
    }
  }

  /// Reads the newest checkpoint of a session and what follows it, and compares.
  Look look(LiveSession session) {
    Look first = lookOnce(session);
    // What a checkpoint or the archive moved meanwhile is found at the second attempt.
    return first.isSound() ? first : lookOnce(session);
  }

  private Look lookOnce(LiveSession session) {
    long start = parts.environment().nanoTime().getAsLong();
    SessionImage image = session.view();
    var findings = new ArrayList<>(Finding.in(image.state()));
    for (BadCheckpoint bad :
        new CheckpointLoader(parts.store()).newest(session.id(), image.seq()).bad()) {
      findings.add(found(session, Code.CHECKPOINT_DAMAGED, bad.info().id(), bad.reason()));
    }
    Optional<SessionImage> stored = Optional.empty();
    try {
      stored = Optional.of(session.disk().stateAt(image.seq()));
      if (!stored.get().equals(image)) {
        findings.add(
            found(
                session,
                Code.CHECKPOINT_DIFFERS,
                null,
                "what is stored of the session leads to another state than the one it serves"
                    + " from"));
      }
    } catch (DamagedException | RecoveryFailed | UndecodableException damaged) {
      findings.add(found(session, Code.ENTRY_DAMAGED, null, String.valueOf(damaged.getMessage())));
    }
    long micros = (parts.environment().nanoTime().getAsLong() - start) / 1_000;
    return new Look(image, stored, findings, micros);
  }

  private static Finding found(
      LiveSession session, Code code, @Nullable String id, String sentence) {
    return Finding.integrity(
        code,
        id == null ? "entry" : "checkpoint",
        session.id().toString(),
        id == null ? List.of() : List.of(id),
        sentence);
  }

  /// Makes what is stored right again, as far as that is needed, and says what was done.
  RecoveryRecord mend(SessionSlot slot, LiveSession session, Look look, @Nullable Asked asked) {
    Map<String, Long> phases = new LinkedHashMap<>();
    phases.put("compare", look.micros());
    Level worst = Level.worstOf(look.findings());
    @Nullable String checkpointId = null;
    Optional<SessionImage> stored = look.stored();
    @Nullable String reason = null;
    SessionImage expected = look.image();
    if (worst == Level.HIGH) {
      long start = parts.environment().nanoTime().getAsLong();
      checkpointId = checkpointer.takeFull(session).id();
      phases.put("checkpoint", (parts.environment().nanoTime().getAsLong() - start) / 1_000);
      Look after = lookOnce(session);
      stored = after.stored();
      expected = after.image();
      reason = after.isSound() ? null : after.findings().getFirst().sentence();
    } else if (worst != Level.NONE) {
      reason =
          "the values it serves from are wrong; they are put right when it is next brought into"
              + " memory: start the daemon again";
    }
    Validation validation =
        stored.isEmpty()
            ? null
            : StateIntegrityValidator.validate(expected.state(), stored.get().state());
    long checks = Consistency.checks(look.image().state()) + 2;
    Row row = look.row();
    long now = parts.nowMillis();
    return new RecoveryRecord(
        parts.environment().newId().get().toString(),
        slot.id(),
        slot.name(),
        look.isSound() ? Failure.NONE : Failure.STATE_CORRUPTION,
        row.strategy(),
        reason == null,
        reason,
        now - RecoveryReports.millisOf(phases),
        now,
        phases,
        checkpointId,
        0,
        0,
        0,
        checks,
        Math.max(0, checks - look.findings().size()),
        0,
        Map.of(),
        0,
        look.findings().stream().map(Finding::sentence).toList(),
        row.priority(),
        null,
        look.image().state().connections().size(),
        asked,
        validation);
  }
}
