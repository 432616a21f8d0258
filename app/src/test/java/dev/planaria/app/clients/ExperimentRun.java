package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.experiment.Clocks;
import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.Experiments;
import dev.planaria.chaos.experiment.RunListener;
import dev.planaria.chaos.experiment.RunSettings;
import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.chaos.report.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// An experiment of the chaos kit on a real daemon, sound or without one of its promises. What this
/// machine cannot do is skipped, with the reason.
///
/// @param scratch a directory of its own
/// @param without the promise that is not kept, or an empty text
/// @param cycles how often it is done
record ExperimentRun(Path scratch, String without, int cycles) {

  private static final Clocks CLOCKS = new Clocks(System::currentTimeMillis, System::nanoTime);

  /// As often as `-Dplanaria.cycles` says, else once.
  ExperimentRun(Path scratch, String without) {
    this(scratch, without, Integer.getInteger("planaria.cycles", 1));
  }

  RunReport of(String name) throws IOException, InterruptedException {
    return of(Experiments.named(name).orElseThrow());
  }

  RunReport of(Experiment experiment) throws IOException, InterruptedException {
    return of(experiment, ClientGuarantees.ALL);
  }

  RunReport of(Experiment experiment, ClientGuarantees guarantees)
      throws IOException, InterruptedException {
    String name = experiment.name();
    var setup = new DaemonSetup(scratch, without);
    Files.createDirectories(setup.aim());
    RunSettings settings = RunSettings.of(setup.launch(), Seeds.next(name), cycles);
    try {
      RunReport report = experiment.run(settings.with(guarantees), CLOCKS, RunListener.NONE);
      System.out.printf(
          "%s%s with %d callers: %s, %s, recoveries %s ms, violations %s, took %d ms%n",
          name,
          without.isEmpty() ? "" : " without " + without,
          Plan.DEFAULT.callers(),
          report.counts(),
          report.faults(),
          report.recoveryMillis(),
          report.violations().stream().map(Violation::kind).distinct().toList(),
          report.tookMillis());
      return report;
    } catch (NotPossibleHere missing) {
      return Assumptions.abort("SKIPPED: " + missing.getMessage());
    }
  }

  static void isGreen(RunReport report) {
    assertThat(report.violations()).isEmpty();
    assertThat(report.faults()).allSatisfy(fault -> assertThat(fault.hits()).isPositive());
    assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
  }

  static void isRed(RunReport report, Violation.Kind... kinds) {
    assertThat(report.violations()).extracting(Violation::kind).containsAnyOf(kinds);
    assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
  }
}
