package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.RunReport.Counts;
import dev.planaria.chaos.report.Violation;
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
