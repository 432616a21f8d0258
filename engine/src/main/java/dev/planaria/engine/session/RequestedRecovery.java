package dev.planaria.engine.session;

import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Asked;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import dev.planaria.engine.state.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A recovery that somebody asks for. It does what the decision table says and nothing else: what
/// is sound is looked at and left alone, and nothing that serves is ever taken back. Thread-safe.
final class RequestedRecovery {

  private final EngineParts parts;
  private final Healing healing;
  private final StoredCopies copies;
  private final RecoveryReports reports;

  RequestedRecovery(
      EngineParts parts, Healing healing, StoredCopies copies, RecoveryReports reports) {
    this.parts = parts;
    this.healing = healing;
    this.copies = copies;
    this.reports = reports;
  }

  /// Recovers a session, or finds that nothing is to be done.
  ///
  /// @param wanted the strategy that the caller expects, or null
  /// @param records the session's records so far
  /// @throws Refusal when the strategy does not fit what was found; nothing was changed
  /// @throws SessionUnavailable when the session cannot be recovered; a person must decide
  Recovered run(
      SessionSlot slot,
      @Nullable Strategy wanted,
      Caller caller,
      Supplier<List<RecoveryRecord>> records) {
    Asked asked = asked(caller, wanted);
    Optional<RecoveryRecord> earlier = find(records, asked);
    if (earlier.isPresent()) {
      requireSame(earlier.get(), asked);
      return new Recovered(earlier.get(), true);
    }
    OperationIds.requireFresh(
        asked.operationId(), parts.nowMillis(), parts.settings().operationIdMillis());
    requireAllowed(wanted);
    LiveSession live = slot.liveOrNull();
    if (live == null) {
      if (wanted != null) {
        slot.askCold(healing::foresee)
            .ifPresent(foreseen -> requireFits(wanted, foreseen.row().strategy()));
      }
      live = slot.recoverAgain(tail -> healing.recover(tail, new RecoveryChoice.ByTable(), asked));
      Optional<RecoveryRecord> done = find(records, asked);
      if (done.isPresent()) {
        return new Recovered(done.get(), false);
      }
    }
    StoredCopies.Look look = copies.look(live);
    requireFits(wanted, look.row().strategy());
    RecoveryRecord record = copies.mend(slot, live, look, asked);
    if (look.isSound()) {
      reports.save(record);
    } else {
      if (parts.detections().met(slot.id(), look.findings(), true, record.success())) {
        look.findings().forEach(finding -> parts.tell(new EngineEvent.DamageFound(finding)));
      }
      reports.mended(record);
    }
    return new Recovered(record, false);
  }

  private Asked asked(Caller caller, @Nullable Strategy wanted) {
    String given = caller.operationId();
    String operationId =
        given == null
            ? parts.environment().newId().get().toString()
            : OperationIds.requireValid(given);
    return new Asked(caller.principal(), operationId, wanted);
  }

  private static Optional<RecoveryRecord> find(
      Supplier<List<RecoveryRecord>> records, Asked asked) {
    return records.get().stream()
        .filter(record -> {
          Asked other = record.asked();
          return other != null
              && other.principal().equals(asked.principal())
              && other.operationId().equals(asked.operationId());
        })
        .findFirst();
  }

  private static void requireSame(RecoveryRecord earlier, Asked asked) {
    if (!asked.equals(earlier.asked())) {
      throw new Refusal(
          Refusal.Code.OPERATION_ID_REUSED,
          "operation id "
              + asked.operationId()
              + " was used before with another `strategy`; give each recovery an id of its own");
    }
  }

  private static void requireAllowed(@Nullable Strategy wanted) {
    if (wanted == Strategy.FRESH_STATE || wanted == Strategy.MANUAL_INTERVENTION) {
      throw new Refusal(
          Refusal.Code.INVALID_ARGUMENT,
          "`strategy` "
              + wanted
              + " gives something up, which only an operator may decide: planaria recover, with"
              + " --accept-loss or --checkpoint");
    }
  }

  private static void requireFits(@Nullable Strategy wanted, Strategy found) {
    if (wanted != null && wanted != found) {
      throw new Refusal(
          Refusal.Code.WRONG_STATE,
          "`strategy` "
              + wanted
              + " does not fit: what was found asks for "
              + found
              + (found == Strategy.IMMEDIATE_RESTART ? ", since nothing is wrong" : "")
              + "; leave `strategy` out to have that done");
    }
  }
}
