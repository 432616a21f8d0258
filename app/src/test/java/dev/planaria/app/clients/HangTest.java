package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.experiment.Scheduled;
import dev.planaria.chaos.report.Violation.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker that lives and answers nothing.
class HangTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_worker_that_hangs_is_replaced() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("hang"));
  }

  @Test
  @Timeout(600)
  void a_front_that_does_not_watch_its_worker_is_noticed() throws Exception {
    isRed(new ExperimentRun(scratch, "watch").of(Scheduled.hang(20_000)), Kind.STUCK);
  }
}
