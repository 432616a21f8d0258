package dev.planaria.app.alerts.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.Readings.Loss;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.RecoveryRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Sessions of which nothing is left are not forgotten because of what came after.
class LostRunsTest {

  private static final long START = 1_800_000_000_000L;
  private final List<RecoveryRun> runs = new ArrayList<>();

  private void run(long detectedMillis, String... lost) {
    var crash =
        new CrashEvent(
            CrashEvent.Type.PROCESS_CRASH,
            detectedMillis,
            detectedMillis,
            "serving",
            CrashEvent.Severity.LOW);
    runs.addFirst(
        new RecoveryRun("run-" + runs.size(), crash, true, true, 1, 0, 0, List.of(lost), 5));
  }

  private List<RecoveryRun> newest(int limit) {
    return List.copyOf(runs.subList(0, Math.min(limit, runs.size())));
  }

  @Test
  void a_session_that_was_lost_a_hundred_runs_ago_is_told_for_a_week() {
    run(START, "frame 7 held a session");
    for (int i = 1; i <= 100; i++) {
      run(START + i);
    }
    var lost = new LostRuns(this::newest);
    assertThat(lost.take(lost.read(), START + 200)).hasSize(LostRuns.RUNS_EACH_TURN);
    assertThat(lost.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.recoveryId()).isEqualTo("run-0");
          assertThat(loss.operations()).isEqualTo(1);
          assertThat(loss.words()).isEqualTo("lost sessions: frame 7 held a session");
        });
    run(START + 300, "frame 9 held one too");
    lost.take(lost.read(), START + 400);
    assertThat(lost.losses()).extracting(Loss::recoveryId).containsExactly("run-0", "run-101");
    lost.take(lost.read(), START + 7L * 86_400_000);
    assertThat(lost.losses()).extracting(Loss::recoveryId).containsExactly("run-101");
  }

  @Test
  void of_more_runs_with_losses_than_are_kept_the_oldest_are_forgotten() {
    for (int i = 0; i < LostRuns.MOST + 7; i++) {
      run(START + i, "frame " + i);
    }
    var lost = new LostRuns(this::newest);
    lost.take(lost.read(), START + LostRuns.MOST + 7);
    assertThat(lost.losses()).hasSize(LostRuns.MOST);
    assertThat(lost.losses().getFirst().recoveryId()).isEqualTo("run-7");
  }
}
