package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.LedgerLog;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.FaultHits;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.integrity.StateIntegrityValidator.Validation;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What is noted during a run, until it becomes a report. Used by one thread.
final class Notes {

  private static final long SECOND_MILLIS = 1_000;

  /// A report that nobody can read to its end shows nothing.
  private static final int MOST_VIOLATIONS = 100;

  private final String experiment;
  private final long seed;
  private final Clocks clocks;
  private final RunListener listener;
  private final long startedAtMillis;
  private final Map<FaultSpec, Long> hits = new LinkedHashMap<>();
  private final List<Long> recoveries = new ArrayList<>();
  private final List<Violation> violations = new ArrayList<>();
  private final List<Moment> timeline = new ArrayList<>();
  private long beganNanos;
  private @Nullable Validation comparison;
  private @Nullable Detections detections;

  Notes(Experiment experiment, RunSettings settings, Clocks clocks, RunListener listener) {
    this.experiment = experiment.name();
    this.seed = settings.seed();
    this.clocks = clocks;
    this.listener = listener;
    this.startedAtMillis = clocks.nowMillis().getAsLong();
    this.beganNanos = clocks.nanoTime().getAsLong();
    experiment.faults(seed, settings.cycles()).forEach(fault -> hits.put(fault, 0L));
  }

  /// Where the ledger of this run is taken down.
  LedgerLog ledgerLog() throws IOException {
    return listener.ledger(experiment, seed);
  }

  Clocks clocks() {
    return clocks;
  }

  /// The workload begins now.
  void begin() {
    beganNanos = clocks.nanoTime().getAsLong();
  }

  /// Milliseconds since the workload has begun.
  long atMillis() {
    return TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - beganNanos);
  }

  void tell(Moment.Lane lane, String sentence) {
    tell(new Moment(atMillis(), 0, lane, sentence));
  }

  private void tell(Moment moment) {
    timeline.add(moment);
    listener.happened(moment);
  }

  /// A fault is over.
  void hit(FaultSpec spec, long times, long beganAtMillis) {
    hits.merge(spec, times, Long::sum);
    tell(
        new Moment(
            beganAtMillis,
            atMillis() - beganAtMillis,
            Moment.Lane.FAULT,
            spec.fault().kind()
                + " of "
                + WireName.of(spec.target())
                + ", "
                + times
                + (times == 1 ? " hit" : " hits")));
  }

  void recovered(long millis) {
    recoveries.add(millis);
    tell(Moment.Lane.STATE, "answers again after " + millis + " ms");
  }

  void violation(Violation.Kind kind, String sentence) {
    violation(new Violation(kind, sentence));
  }

  void violation(Violation violation) {
    if (violations.size() < MOST_VIOLATIONS) {
      violations.add(violation);
      tell(Moment.Lane.STATE, violation.kind() + ": " + violation.sentence());
    }
  }

  /// Notes a comparison of two states; anything that differs is a violation.
  void compared(Validation validation, String when) {
    comparison = validation;
    if (!validation.overallSuccess()) {
      validation.checks().stream()
          .filter(check -> !check.passed())
          .forEach(check ->
              violation(
                  Violation.Kind.CHANGED,
                  when
                      + ", "
                      + check.component()
                      + ": missing "
                      + check.missing()
                      + ", changed "
                      + check.changed()
                      + ", extra "
                      + check.extra()));
    }
  }

  /// Damage was planted, and somebody has looked who tells of it.
  void planted(Detections found) {
    Detections before = detections;
    detections = before == null ? found : before.plus(found);
  }

  boolean isCompared() {
    return comparison != null;
  }

  /// The report, when everything is over.
  RunReport report(Ledger ledger) {
    return report(ledger.counts(), perSecond(ledger.lines()));
  }

  /// The same for a run with a ledger of its own kind.
  ///
  /// @param operations what is to be shown of them in the timeline
  RunReport report(RunReport.Counts counts, List<Moment> operations) {
    var all = new ArrayList<>(timeline);
    all.addAll(operations);
    all.sort(Comparator.comparingLong(Moment::atMillis));
    return new RunReport(
        experiment,
        seed,
        startedAtMillis,
        clocks.nowMillis().getAsLong() - startedAtMillis,
        hits.entrySet().stream().map(hit -> new FaultHits(hit.getKey(), hit.getValue())).toList(),
        counts,
        recoveries,
        comparison,
        violations,
        all,
        detections);
  }

  private List<Moment> perSecond(List<Line> lines) {
    var acknowledged = new TreeMap<Long, Long>();
    for (Line line : lines) {
      if (line.isAcknowledged()) {
        long at = TimeUnit.NANOSECONDS.toMillis(line.endedAtNanos() - beganNanos);
        acknowledged.merge(at / SECOND_MILLIS, 1L, Long::sum);
      }
    }
    return acknowledged.entrySet().stream()
        .map(second ->
            new Moment(
                second.getKey() * SECOND_MILLIS,
                SECOND_MILLIS,
                Moment.Lane.OPERATION,
                second.getValue() + " acknowledged"))
        .toList();
  }
}
