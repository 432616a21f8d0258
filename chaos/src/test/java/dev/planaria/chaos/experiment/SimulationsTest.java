package dev.planaria.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Simulations as an experiment among the others.
class SimulationsTest {

  private static final Clocks CLOCKS = new Clocks(System::currentTimeMillis, System::nanoTime);
  private static final long SEED = 4_711;

  private static RunReport run(RunListener listener) throws Exception {
    var launch =
        new Launch(List.of("none", Launch.DATA, Launch.PORT), Map.of(), Path.of("nowhere"));
    return new Simulations().run(RunSettings.of(launch, SEED, 1), CLOCKS, listener);
  }

  @Test
  void a_cycle_meets_every_fault_and_repeats_itself() throws Exception {
    var heard = new ArrayList<Moment>();
    RunReport one = run(heard::add);
    assertThat(one.violations()).isEmpty();
    assertThat(one.faults()).allSatisfy(fault -> assertThat(fault.hits()).isPositive());
    assertThat(one.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(heard).isEqualTo(one.timeline()).hasSize(20);
    RunReport other = run(RunListener.NONE);
    assertThat(other.timeline())
        .extracting(Moment::sentence)
        .isEqualTo(one.timeline().stream().map(Moment::sentence).toList());
    assertThat(other.counts()).isEqualTo(one.counts());
  }
}
