package dev.planaria.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.RunReport.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The verdict on many runs.
class ChaosReportTest {

  private static final NamedFault KILL = new NamedFault("kill", Target.WORKER);
  private static final NamedFault HANG = new NamedFault("hang", Target.WORKER);

  @Test
  void all_that_passed_passes() {
    assertThat(Reports.of(Reports.passed(1), Reports.passed(2)).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void one_broken_promise_fails_the_whole_whatever_else_was_not_shown() {
    var report =
        new ChaosReport(
            Reports.header("smoke", HANG),
            Reports.done(Reports.passed(1), Reports.provedNothing(), Reports.failed()),
            List.of(new Unfinished("corruption", 3, "the daemon did not start")));
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(report.violations()).isEqualTo(2);
  }

  @Test
  void what_was_not_met_not_run_or_not_finished_proves_nothing() {
    assertThat(Reports.of().verdict()).isEqualTo(Verdict.PROVED_NOTHING);
    assertThat(Reports.of(Reports.passed(1), Reports.provedNothing()).verdict())
        .isEqualTo(Verdict.PROVED_NOTHING);
    assertThat(
            new ChaosReport(
                    Reports.header("smoke"),
                    Reports.done(Reports.passed(1)),
                    List.of(new Unfinished("corruption", 3, "no")))
                .verdict())
        .isEqualTo(Verdict.PROVED_NOTHING);
  }

  @Test
  void a_promised_fault_must_be_met_by_some_run() {
    var met =
        new ChaosReport(Reports.header("smoke", KILL), Reports.done(Reports.passed(1)), List.of());
    assertThat(met.unmet()).isEmpty();
    assertThat(met.verdict()).isEqualTo(Verdict.PASSED);
    var unmet =
        new ChaosReport(
            Reports.header("smoke", KILL, HANG), Reports.done(Reports.passed(1)), List.of());
    assertThat(unmet.unmet()).containsExactly(HANG);
    assertThat(unmet.verdict()).isEqualTo(Verdict.PROVED_NOTHING);
    var elsewhere =
        new ChaosReport(
            Reports.header("smoke", new NamedFault("kill", Target.FRONT)),
            Reports.done(Reports.passed(1)),
            List.of());
    assertThat(elsewhere.unmet()).hasSize(1);
  }

  @Test
  void figures_are_sums_and_ranks() {
    var report = Reports.of(Reports.passed(1), Reports.passed(2));
    assertThat(report.counts()).isEqualTo(new RunReport.Counts(2_020, 2_000, 8, 12));
    assertThat(report.hits()).isEqualTo(30);
    assertThat(report.recoveries()).contains(new Durations(6, 810, 1_900, 1_900));
    assertThat(Durations.of(List.of())).isEmpty();
    assertThat(Durations.of(List.of(5L))).contains(new Durations(1, 5, 5, 5));
    assertThat(Durations.of(java.util.stream.LongStream.rangeClosed(1, 100).boxed().toList()))
        .contains(new Durations(100, 50, 95, 100));
  }

  @Test
  void this_machine_has_no_name_in_a_report() {
    Machine here = Machine.here();
    assertThat(here.processors()).isPositive();
    assertThat(here.memoryBytes()).isPositive();
    assertThat(here.system()).contains(System.getProperty("os.arch"));
    assertThat(here.java()).startsWith("25");
  }
}
