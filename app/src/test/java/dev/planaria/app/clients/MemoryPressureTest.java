package dev.planaria.app.clients;

import static dev.planaria.app.clients.ExperimentRun.isGreen;
import static dev.planaria.app.clients.ExperimentRun.isRed;

import dev.planaria.chaos.report.Violation.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker that gets hardly any more memory while it is at work.
class MemoryPressureTest {

  @TempDir Path scratch;

  @Test
  @Timeout(600)
  void too_little_memory_loses_nothing() throws Exception {
    isGreen(new ExperimentRun(scratch, "").of("memory-pressure"));
  }

  @Test
  @Timeout(600)
  void a_daemon_that_forgets_operation_ids_is_noticed() throws Exception {
    isRed(
        new ExperimentRun(scratch, "rememberOperationIds").of("memory-pressure"), Kind.DUPLICATED);
  }
}
