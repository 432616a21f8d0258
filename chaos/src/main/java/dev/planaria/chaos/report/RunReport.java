package dev.planaria.chaos.report;

import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one run of an experiment came to.
///
/// @param experiment its name
/// @param seed what it can be repeated with
/// @param startedAtMillis when it began, Unix time in milliseconds
/// @param tookMillis how long it ran, in milliseconds
/// @param faults what was done, and how often it was met
/// @param counts what the ledger outside the system holds
/// @param recoveryMillis for each fault that took something down, milliseconds from the fault to
///   the first success after it
/// @param comparison the state before the faults beside the state after the recovery; null when the
///   experiment compares none
/// @param violations the promises that were not kept
/// @param timeline what happened, in order
/// @param detections what became of damage that was planted; null when the experiment plants none
public record RunReport(
    String experiment,
    long seed,
    long startedAtMillis,
    long tookMillis,
    List<FaultHits> faults,
    Counts counts,
    List<Long> recoveryMillis,
    @Nullable Validation comparison,
    List<Violation> violations,
    List<Moment> timeline,
    @Nullable Detections detections) {

  /// A run of an experiment that plants no damage.
  public RunReport(
      String experiment,
      long seed,
      long startedAtMillis,
      long tookMillis,
      List<FaultHits> faults,
      Counts counts,
      List<Long> recoveryMillis,
      @Nullable Validation comparison,
      List<Violation> violations,
      List<Moment> timeline) {
    this(
        experiment,
        seed,
        startedAtMillis,
        tookMillis,
        faults,
        counts,
        recoveryMillis,
        comparison,
        violations,
        timeline,
        null);
  }

  /// Copies the lists.
  public RunReport {
    faults = List.copyOf(faults);
    recoveryMillis = List.copyOf(recoveryMillis);
    violations = List.copyOf(violations);
    timeline = List.copyOf(timeline);
  }

  /// What became of the operations.
  ///
  /// @param sent how many were asked for
  /// @param acknowledged how many were acknowledged
  /// @param refused how many were refused, with a reason
  /// @param unknown how many ended with the answer that their outcome is unknown
  public record Counts(long sent, long acknowledged, long refused, long unknown) {}

  /// The same, with what became of damage that was planted.
  public RunReport with(@Nullable Detections found) {
    return new RunReport(
        experiment,
        seed,
        startedAtMillis,
        tookMillis,
        faults,
        counts,
        recoveryMillis,
        comparison,
        violations,
        timeline,
        found);
  }

  /// How a run ended.
  public enum Verdict {
    /// Every promise was kept, and every fault was met.
    PASSED,
    /// A promise was broken.
    FAILED,
    /// A fault was never met, so that nothing was shown.
    PROVED_NOTHING
  }

  /// The verdict.
  public Verdict verdict() {
    if (!violations.isEmpty()) {
      return Verdict.FAILED;
    }
    boolean everyFaultMet = faults.stream().allMatch(fault -> fault.hits() > 0);
    return everyFaultMet && counts.acknowledged() > 0 ? Verdict.PASSED : Verdict.PROVED_NOTHING;
  }
}
