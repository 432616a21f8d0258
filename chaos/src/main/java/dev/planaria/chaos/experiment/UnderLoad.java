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
    List<FaultSpec> faults = faults(settings.seed(), settings.cycles());
    RunSettings prepared = Injectors.prepare(settings, faults);
    var notes = new Notes(this, prepared, clocks, listener);
    try (Stage stage = Stage.open(prepared, notes)) {
      work(stage, faults, prepared);
      return Judge.judge(stage);
    }
  }
}
