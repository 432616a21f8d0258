package dev.planaria.chaos.experiment;

import java.util.List;
import java.util.Optional;

/// The experiments that there are.
public final class Experiments {

  private static final List<Experiment> ALL =
      List.of(
          new ProcessKill(),
          new ConnectionDrop(),
          new Corruption(),
          new PowerLoss(),
          ServerFaults.kills(),
          ServerFaults.misbehaviour(),
          ServerLinks.random(),
          ServerFaults.stops(),
          Scheduled.randomKills(),
          Scheduled.randomLinks(),
          Scheduled.diskFaults(),
          new ClockSteps(),
          Scheduled.memoryPressure(),
          Scheduled.hang(),
          new ShimFaults(),
          new Simulations());

  private Experiments() {}

  /// All of them, in the order in which they are shown.
  public static List<Experiment> all() {
    return ALL;
  }

  /// The one of that name.
  public static Optional<Experiment> named(String name) {
    return ALL.stream().filter(one -> one.name().equals(name)).findFirst();
  }
}
