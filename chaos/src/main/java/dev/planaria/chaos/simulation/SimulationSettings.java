package dev.planaria.chaos.simulation;

import java.util.Set;

/// How a world is simulated.
///
/// @param sessions how many there are
/// @param callers how many work in them, each doing one thing after the other
/// @param minutes how long they do, in virtual time; afterwards faults end and everything must come
///   to rest
/// @param thinkMillis how long a caller rests between two commands, on average
/// @param faultMillis how long nothing happens between two faults, on average
/// @param stuckMillis a command that is unanswered for longer is stuck: longer than any fault
///   lasts, with all the repeats that it may take
/// @param faults which may happen
/// @param guarantees what is promised
public record SimulationSettings(
    int sessions,
    int callers,
    long minutes,
    long thinkMillis,
    long faultMillis,
    long stuckMillis,
    Set<SimulatedFault> faults,
    SimulationGuarantees guarantees) {

  /// Four hours of three sessions and five callers, and everything befalls them.
  public static final SimulationSettings DEFAULT =
      new SimulationSettings(
          3,
          5,
          240,
          300_000,
          600_000,
          1_800_000,
          Set.of(SimulatedFault.values()),
          SimulationGuarantees.ALL);

  /// Copies the set.
  public SimulationSettings {
    faults = Set.copyOf(faults);
  }

  /// The same with other promises.
  public SimulationSettings promising(SimulationGuarantees other) {
    return new SimulationSettings(
        sessions, callers, minutes, thinkMillis, faultMillis, stuckMillis, faults, other);
  }

  /// The same for another time.
  public SimulationSettings lasting(long otherMinutes) {
    return new SimulationSettings(
        sessions, callers, otherMinutes, thinkMillis, faultMillis, stuckMillis, faults, guarantees);
  }

  /// The same with other faults.
  public SimulationSettings befallenBy(Set<SimulatedFault> others) {
    return new SimulationSettings(
        sessions, callers, minutes, thinkMillis, faultMillis, stuckMillis, others, guarantees);
  }
}
