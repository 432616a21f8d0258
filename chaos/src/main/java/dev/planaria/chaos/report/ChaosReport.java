package dev.planaria.chaos.report;

import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.RunReport.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one use of the kit came to: where and when it was, and what each experiment came to.
/// Immutable.
///
/// @param header where, when and with what it ran
/// @param done what was run to its end, in the order in which it was asked for
/// @param unfinished what could not be run to its end, so that nothing is known of it
public record ChaosReport(Header header, List<Done> done, List<Unfinished> unfinished) {

  /// Copies the lists.
  public ChaosReport {
    done = List.copyOf(done);
    unfinished = List.copyOf(unfinished);
  }

  /// Where, when and with what it ran.
  ///
  /// @param title what was asked for: a profile's name, an experiment's name, or a file's
  /// @param profile the profile, or null when single experiments were asked for
  /// @param startedAtMillis when it began, Unix time in milliseconds
  /// @param tookMillis how long it ran, in milliseconds
  /// @param version the version of Planaria that was run
  /// @param machine what it ran on
  /// @param promised the faults that must be met for the whole to show anything, whatever each run
  ///   did
  public record Header(
      String title,
      @Nullable String profile,
      long startedAtMillis,
      long tookMillis,
      String version,
      Machine machine,
      List<NamedFault> promised) {

    /// Copies the list.
    public Header {
      promised = List.copyOf(promised);
    }
  }

  /// A fault by its names.
  ///
  /// @param kind what is done, as [dev.planaria.chaos.fault.Fault#kind] names it
  /// @param target to what
  public record NamedFault(String kind, Target target) {}

  /// A run that was run to its end.
  ///
  /// @param run what it came to
  /// @param again the command that repeats it
  public record Done(RunReport run, String again) {}

  /// A run that was not run to its end, for a reason that says nothing about promises.
  ///
  /// @param experiment its name
  /// @param seed what it can be repeated with
  /// @param reason why, in words
  public record Unfinished(String experiment, long seed, String reason) {}

  /// What was run to its end, without how to repeat it.
  public List<RunReport> runs() {
    return done.stream().map(Done::run).toList();
  }

  /// The promised faults that no run has met.
  public List<NamedFault> unmet() {
    return header.promised().stream().filter(promised -> !isMet(promised)).toList();
  }

  private boolean isMet(NamedFault promised) {
    return runs().stream()
        .flatMap(run -> run.faults().stream())
        .filter(met -> met.hits() > 0)
        .anyMatch(met ->
            met.spec().fault().kind().equals(promised.kind())
                && met.spec().target() == promised.target());
  }

  /// The verdict on the whole: a broken promise anywhere is a failure, and what was not run or not
  /// met shows nothing.
  public Verdict verdict() {
    List<Verdict> verdicts = runs().stream().map(RunReport::verdict).toList();
    if (verdicts.contains(Verdict.FAILED)) {
      return Verdict.FAILED;
    }
    boolean shown = !done.isEmpty() && unfinished.isEmpty() && unmet().isEmpty();
    return shown && !verdicts.contains(Verdict.PROVED_NOTHING)
        ? Verdict.PASSED
        : Verdict.PROVED_NOTHING;
  }

  /// What became of the operations of all runs together.
  public RunReport.Counts counts() {
    return runs().stream()
        .map(RunReport::counts)
        .reduce(
            new RunReport.Counts(0, 0, 0, 0),
            (one, other) ->
                new RunReport.Counts(
                    one.sent() + other.sent(),
                    one.acknowledged() + other.acknowledged(),
                    one.refused() + other.refused(),
                    one.unknown() + other.unknown()));
  }

  /// How often faults were really met, all together.
  public long hits() {
    return runs().stream().flatMap(run -> run.faults().stream()).mapToLong(FaultHits::hits).sum();
  }

  /// How many promises were broken.
  public long violations() {
    return runs().stream().mapToLong(run -> run.violations().size()).sum();
  }

  /// What became of damage that was planted, over all runs; empty when none planted any.
  public Optional<Detections> detections() {
    return runs().stream()
        .map(RunReport::detections)
        .filter(Objects::nonNull)
        .reduce(Detections::plus);
  }

  /// How long recoveries took, over all runs.
  public Optional<Durations> recoveries() {
    return Durations.of(runs().stream().flatMap(run -> run.recoveryMillis().stream()).toList());
  }
}
