package dev.planaria.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a failure was, and whether that outlives the process that was told of it.
class CrashEventTest {

  private static final CrashEvent SEEN =
      new CrashEvent(
          CrashEvent.Type.PROCESS_CRASH, 10_100, 10_000, 6_000, "serving", CrashEvent.Severity.LOW);

  @Test
  void what_a_run_says_of_its_crash_is_read_as_it_was_written() {
    var run = new RecoveryRun("r", SEEN, true, true, 2, 0, 0, List.of(), 500);
    assertThat(RecoveryCodec.run(Json.write(RecoveryCodec.toJson(run)))).isEqualTo(run);
  }

  @Test
  void of_a_crash_that_was_written_down_without_its_moment_the_last_heartbeat_is_the_moment() {
    String older =
        Json.write(RecoveryCodec.toJson(SEEN)).replace("\"failed_at_millis\":10000,", "");
    assertThat(older).doesNotContain("failed_at");
    assertThat(RecoveryCodec.crash(Json.parseObject(older, JsonLimits.DEFAULT)).failedAtMillis())
        .isEqualTo(6_000);
  }

  @Test
  void what_nobody_saw_fail_failed_at_its_last_sign_of_life() {
    var hang =
        new CrashEvent(
            CrashEvent.Type.PROCESS_HANG, 20_000, 5_000, "serving", CrashEvent.Severity.HIGH);
    assertThat(hang.failedAtMillis()).isEqualTo(hang.lastHeartbeatMillis()).isEqualTo(5_000);
  }
}
