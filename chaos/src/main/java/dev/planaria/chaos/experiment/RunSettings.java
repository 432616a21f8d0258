package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.process.Launch;

/// How an experiment is run.
///
/// @param launch how its daemon is started; the data directory must be empty or not be there
/// @param plan how much is asked of it
/// @param guarantees what the callers keep; anything but [ClientGuarantees#ALL] is for tests
/// @param seed decides whatever is left to chance
/// @param cycles how often the faults are done, 1 or more
public record RunSettings(
    Launch launch, Plan plan, ClientGuarantees guarantees, long seed, int cycles) {

  /// Checks the count.
  ///
  /// @throws IllegalArgumentException when there would be no cycle
  public RunSettings {
    if (cycles < 1) {
      throw new IllegalArgumentException("`cycles` must be 1 or more, not " + cycles);
    }
  }

  /// A run as it is meant.
  public static RunSettings of(Launch launch, long seed, int cycles) {
    return new RunSettings(launch, Plan.DEFAULT, ClientGuarantees.ALL, seed, cycles);
  }

  /// The same with a daemon that is started otherwise.
  RunSettings with(Launch another) {
    return new RunSettings(another, plan, guarantees, seed, cycles);
  }

  /// The same with other callers.
  public RunSettings with(ClientGuarantees others) {
    return new RunSettings(launch, plan, others, seed, cycles);
  }
}
