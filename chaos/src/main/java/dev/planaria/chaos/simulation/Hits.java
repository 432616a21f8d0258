package dev.planaria.chaos.simulation;

import java.util.EnumMap;
import java.util.Map;

/// How often each fault was really met.
final class Hits {

  private final EnumMap<SimulatedFault, Long> counts = new EnumMap<>(SimulatedFault.class);

  void add(SimulatedFault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  Map<SimulatedFault, Long> counts() {
    return counts;
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
