package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.report.Violation.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A wall clock that jumps while leases run.
class ClockStepsTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_clock_that_jumps_gives_no_task_to_two() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("clock-steps"));
  }

  @Test
  @Timeout(600)
  void leases_that_all_have_the_same_token_are_noticed() throws Exception {
    isRed(new ExperimentRun(scratch, "freshLeaseTokens").of("clock-steps"), Kind.UNFENCED);
  }
}
