package dev.planaria.chaos.experiment;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.report.RunReport;
import java.io.IOException;
import java.util.List;

/// An experiment that needs nothing but a daemon with callers in one session, so that it can take
/// place in any.
interface UnderLoad extends Experiment {

  /// Does the faults and waits for the recoveries; what is wrong is noted.
  ///
  /// @param faults what is done: those of [#faults], or as many in their place
  void work(Stage stage, List<FaultSpec> faults, RunSettings settings)
      throws IOException, InterruptedException;

  @Override
  default RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    try (Stage stage = Stage.open(settings, notes)) {
      work(stage, faults(settings.seed(), settings.cycles()), settings);
      return Judge.judge(stage);
    }
  }
}
