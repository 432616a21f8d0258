package dev.planaria.engine.metrics;

import dev.planaria.engine.integrity.StateIntegrityValidator.Check;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.state.SessionId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// What figures need of one recovery record.
///
/// @param session the session, or null for one of which nothing is left, not even its id
/// @param failure what went wrong
/// @param success true when the session serves again
/// @param failedAtMillis when the failure happened, Unix time
/// @param finishedAtMillis when the attempt was over, Unix time
/// @param operationsLost acknowledged operations that are gone
/// @param checksRun checks of integrity and consistency, and comparisons with what the session was
///   before, one for each component
/// @param checksPassed how many of them found nothing wrong
public record RecoverySample(
    @Nullable SessionId session,
    Failure failure,
    boolean success,
    long failedAtMillis,
    long finishedAtMillis,
    long operationsLost,
    long checksRun,
    long checksPassed) {

  /// The order in which they ended; of two that ended together, the one that failed comes first.
  public static final Comparator<RecoverySample> ORDER =
      Comparator.comparingLong(RecoverySample::finishedAtMillis)
          .thenComparing(RecoverySample::success)
          .thenComparingLong(RecoverySample::failedAtMillis);

  /// What a session's record says.
  public static RecoverySample of(RecoveryRecord record) {
    Validation validation = record.validation();
    long compared = validation == null ? 0 : validation.checks().size();
    long equal =
        validation == null ? 0 : validation.checks().stream().filter(Check::passed).count();
    return new RecoverySample(
        record.sessionId(),
        record.failure(),
        record.success(),
        record.failedAtMillis(),
        record.finishedAtMillis(),
        record.operationsLost(),
        record.checksRun() + compared,
        record.checksPassed() + equal);
  }

  /// A session that was lost as a whole, as the record of a run tells it.
  public static RecoverySample lostIn(RecoveryRun run) {
    return new RecoverySample(
        null,
        Failure.STATE_CORRUPTION,
        false,
        run.crash().failedAtMillis(),
        run.crash().detectedAtMillis() + run.totalTimeMillis(),
        0,
        0,
        0);
  }
}
