package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.FaultHits;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Counts;
import dev.planaria.chaos.report.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What one simulated world came to.
///
/// @param seed what it can be repeated with
/// @param fingerprint SHA-256 of the log: the same seed and settings give the same one
/// @param log what happened, a line each with its virtual time in milliseconds
/// @param virtualMillis how long it lasted in virtual time
/// @param turns how often something went on
/// @param counts what became of the commands
/// @param hits how often each fault was really met; those that were not met are absent
/// @param violations the promises that were not kept; the simulation ends at the first
public record SimulationResult(
    long seed,
    String fingerprint,
    String log,
    long virtualMillis,
    long turns,
    Counts counts,
    Map<SimulatedFault, Long> hits,
    List<Violation> violations) {

  /// Copies map and list.
  public SimulationResult {
    hits = Map.copyOf(hits);
    violations = List.copyOf(violations);
  }

  /// The same as a report: every line of the log is a moment, in virtual time.
  ///
  /// @param startedAtMillis when it began, Unix time
  /// @param tookMillis how long it took in fact
  public RunReport report(long startedAtMillis, long tookMillis) {
    return new RunReport(
        "simulation",
        seed,
        startedAtMillis,
        tookMillis,
        Arrays.stream(SimulatedFault.values())
            .filter(hits::containsKey)
            .map(fault -> new FaultHits(fault.spec(), hits.getOrDefault(fault, 0L)))
            .toList(),
        counts,
        List.of(),
        null,
        violations,
        log.lines().map(SimulationResult::moment).toList());
  }

  private static Moment moment(String line) {
    int space = line.indexOf(' ');
    String sentence = line.substring(space + 1);
    Moment.Lane lane =
        sentence.startsWith("fault: ")
            ? Moment.Lane.FAULT
            : sentence.startsWith("worker ") ? Moment.Lane.STATE : Moment.Lane.OPERATION;
    return new Moment(Long.parseLong(line.substring(0, space)), 0, lane, sentence);
  }

  /// What was broken, and how to see it again.
  public String replay() {
    return "seed "
        + seed
        + ": "
        + violations
        + "; Simulation.run("
        + seed
        + "L, settings) repeats it event by event";
  }
}
