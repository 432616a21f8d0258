package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.client.ClientGuarantees;
import dev.planaria.chaos.experiment.ShimFaults;
import dev.planaria.chaos.report.Violation.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A client whose own process of Planaria is killed, stopped, or hangs.
class ShimFaultsTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_client_whose_shim_ends_launches_another_and_loses_nothing() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("shim-kill"));
  }

  @Test
  @Timeout(600)
  void callers_that_ask_again_under_another_id_are_noticed() throws Exception {
    isRed(
        new ExperimentRun(scratch, "").of(new ShimFaults(), new ClientGuarantees(false)),
        Kind.DUPLICATED);
  }
}
