package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.experiment.ServerFaults;
import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server behind Planaria that is stopped, or hangs.
class ServerStopsTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void a_server_that_stands_still_has_done_each_thing_once() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("server-stops"));
  }

  @Test
  @Timeout(600)
  void a_server_whose_state_nobody_builds_up_again_is_noticed() throws Exception {
    ServerFaults unsaid = ServerFaults.stops().saying(JsonObject.EMPTY);
    isRed(new ExperimentRun(scratch, "").of(unsaid), Kind.LOST);
  }
}
