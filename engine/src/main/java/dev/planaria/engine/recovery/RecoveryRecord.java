package dev.planaria.engine.recovery;

import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.recovery.DecisionTable.Priority;
import dev.planaria.engine.state.SessionId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of one session after a crash. Kept in the store.
///
/// @param recoveryId names the run; all sessions recovered after one crash share it
/// @param sessionId the session
/// @param sessionName its name
/// @param failure what went wrong
/// @param strategy what was done
/// @param success true when the session serves again
/// @param reason why it does not, or null
/// @param failedAtMillis when the failure happened, Unix time: the exit where somebody saw it, else
///   the last sign of life
/// @param finishedAtMillis when the session was ready, Unix time
/// @param phaseMicros how long each phase took, in order
/// @param checkpointId what was restored, or null when the journal alone was
/// @param operationsReplayed from the tail of the journal
/// @param operationsLost acknowledged operations that are gone
/// @param operationsPossiblyLost how many more may be, at most: nobody can tell whose operations a
///   part of the journal held that cannot be read
/// @param checksRun how many checks of the session's integrity and consistency were made
/// @param checksPassed how many of them found nothing wrong
/// @param dataLossPercent lost over acknowledged operations, 0 to 100
/// @param losses how many operations are lost, by component (see
///   [dev.planaria.engine.state.Footprint])
/// @param operationsLostEstimate how many it was expected to lose before the replay
/// @param findings what was found, in sentences
/// @param priority how urgent it was
/// @param estimatedMillis how long it was expected to take, or null when nothing had been measured
/// @param connections how many connections to other servers the session has again
/// @param asked who asked for it, or null when nobody did
/// @param validation the session before the failure against the session now, or null when nobody
///   knows what it was before
public record RecoveryRecord(
    String recoveryId,
    SessionId sessionId,
    String sessionName,
    Failure failure,
    Strategy strategy,
    boolean success,
    @Nullable String reason,
    long failedAtMillis,
    long finishedAtMillis,
    Map<String, Long> phaseMicros,
    @Nullable String checkpointId,
    long operationsReplayed,
    long operationsLost,
    long operationsPossiblyLost,
    long checksRun,
    long checksPassed,
    double dataLossPercent,
    Map<String, Long> losses,
    long operationsLostEstimate,
    List<String> findings,
    Priority priority,
    @Nullable Long estimatedMillis,
    int connections,
    @Nullable Asked asked,
    @Nullable Validation validation) {

  /// Checks passed over checks run, 0 to 1; 1 when none was run.
  public double integrityScore() {
    return checksRun == 0 ? 1 : (double) checksPassed / checksRun;
  }

  /// What was lost, for the end of a sentence about the session, as `lost 3 acknowledged
  /// operations`; empty when nothing was, nor may have been.
  public String loss() {
    String possible =
        "may have lost "
            + (operationsLost > 0 ? "more" : "acknowledged operations")
            + " at its end (part of the journal cannot be read)";
    if (operationsLost == 0) {
      return operationsPossiblyLost == 0 ? "" : possible;
    }
    String certain = "lost " + operationsLost + " acknowledged operations";
    return operationsPossiblyLost == 0 ? certain : certain + " and " + possible;
  }

  /// Who asked for a recovery. The same operation id again is answered with the same record.
  ///
  /// @param principal the caller
  /// @param operationId the caller's name for it
  /// @param strategy what the caller wanted, or null
  public record Asked(String principal, String operationId, @Nullable Strategy strategy) {}

  /// What went wrong.
  public enum Failure {
    /// Nothing: somebody asked for a recovery.
    NONE,
    PROCESS_CRASH,
    PROCESS_HANG,
    STATE_CORRUPTION
  }

  /// What was done.
  public enum Strategy {
    IMMEDIATE_RESTART,
    CHECKPOINT_ROLLBACK,
    PARTIAL_RECOVERY,
    GRACEFUL_DEGRADATION,
    FRESH_STATE,
    MANUAL_INTERVENTION
  }
}
