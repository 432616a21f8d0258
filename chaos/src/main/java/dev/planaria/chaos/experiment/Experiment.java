package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.util.List;

/// Something that can be tried with a Planaria, as often as anybody likes. Thread-safe: a run has
/// all that it needs in its settings.
public interface Experiment {

  /// Its stable name on the command line and in reports.
  String name();

  /// What it does and what must hold, in a sentence or two.
  String description();

  /// How long a recovery may take, in milliseconds.
  long deadlineMillis();

  /// What is done, in order.
  ///
  /// @param seed decides whatever is left to chance
  /// @param cycles how often it is done
  List<FaultSpec> faults(long seed, int cycles);

  /// How many seeds a run uses, from its own upwards, so that the next run can begin with a fresh
  /// one.
  default long seeds(int cycles) {
    return 1;
  }

  /// True when it keeps every processor busy by itself, so that another run beside it would only
  /// wait, and perhaps too long.
  default boolean needsWholeMachine() {
    return false;
  }

  /// Runs it on a daemon of its own, of which nothing is left afterwards but its data directory.
  ///
  /// @throws IOException when it could not be run to its end; nothing is claimed then
  RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException;
}
