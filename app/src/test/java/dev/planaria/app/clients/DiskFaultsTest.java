package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.experiment.Experiment;
import dev.planaria.chaos.experiment.Scheduled;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.Violation.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Disks that are full, fail or are slow, under a real daemon that is at work.
class DiskFaultsTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_broken_disk_loses_nothing_and_needs_no_restart() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("disk-faults"));
  }

  @Test
  @Timeout(600)
  void a_daemon_that_takes_failed_commits_for_done_is_noticed() throws Exception {
    var full = new FaultSpec(new Fault.DiskFull(), Target.DISK, 0, 2_000);
    Experiment experiment = Scheduled.of("full-disk", List.of(full), 30_000);
    isRed(
        new ExperimentRun(scratch, "lookUpFailedCommits").of(experiment),
        Kind.LOST,
        Kind.UNSOUND,
        Kind.STUCK,
        Kind.TOO_SLOW);
  }
}
