package dev.planaria.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.metrics.Minute.Counts;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The key figures of lists that were made by hand.
class KpisTest {

  private static final long NOW = 1_800_000_000_000L;
  private static final long MINUTE = NOW / 60_000;
  private static final SessionId ALPHA = id(1);
  private static final SessionId BETA = id(2);

  private static SessionId id(int n) {
    return new SessionId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0000L | n));
  }

  private static RecoverySample sample(
      SessionId session, Failure failure, boolean success, long failedAt, long finishedAt) {
    return new RecoverySample(session, failure, success, failedAt, finishedAt, 0, 0, 0);
  }

  private static Kpis hour(List<RecoverySample> samples, List<Minute> minutes) {
    return Kpis.over(Window.HOUR, NOW, samples, minutes);
  }

  private static Minute minute(long number, long observed, long served, long operations) {
    return new Minute(number, observed, served, new Counts(operations, 0, 0, 0, 0));
  }

  @Test
  void without_a_sample_no_figure_is_good_or_bad() {
    Kpis kpis = hour(List.of(), List.of());
    assertThat(kpis)
        .isEqualTo(
            new Kpis(
                Window.HOUR,
                0,
                null,
                kpis.recoverySuccessRateByType(),
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                0,
                0,
                null,
                0,
                0,
                0,
                DetectionTrial.NONE));
    assertThat(kpis.recoverySuccessRateByType()).isEmpty();
  }

  @Test
  void a_recovery_counts_in_the_window_in_which_it_ended() {
    var samples =
        List.of(
            sample(ALPHA, Failure.PROCESS_CRASH, true, NOW - 3_700_000, NOW - 3_650_000),
            sample(ALPHA, Failure.PROCESS_CRASH, true, NOW - 3_700_000, NOW - 3_000_000));
    Kpis hour = hour(samples, List.of());
    assertThat(hour.recoveries()).isEqualTo(1);
    assertThat(hour.meanTimeToRecoveryMillis()).isEqualTo(700_000);
    assertThat(Kpis.over(Window.DAY, NOW, samples, List.of()).recoveries()).isEqualTo(2);
  }

  @Test
  void the_time_to_recovery_runs_from_the_first_failure_to_the_first_success() {
    Kpis kpis =
        hour(
            List.of(
                sample(ALPHA, Failure.STATE_CORRUPTION, false, NOW - 90_000, NOW - 80_000),
                sample(BETA, Failure.PROCESS_CRASH, true, NOW - 90_000, NOW - 80_000),
                sample(ALPHA, Failure.STATE_CORRUPTION, false, NOW - 60_000, NOW - 59_000),
                sample(ALPHA, Failure.STATE_CORRUPTION, true, NOW - 31_000, NOW - 30_000)),
            List.of());
    assertThat(kpis.recoveries()).isEqualTo(4);
    assertThat(kpis.recoverySuccessRate()).isEqualTo(0.5);
    assertThat(kpis.recoverySuccessRateByType())
        .isEqualTo(Map.of(Failure.PROCESS_CRASH, 1.0, Failure.STATE_CORRUPTION, 1.0 / 3));
    assertThat(kpis.meanTimeToRecoveryMillis()).isEqualTo(35_000);
    assertThat(kpis.recoveryTimeP95Millis()).isEqualTo(60_000);
  }

  @Test
  void what_somebody_asked_for_and_was_sound_is_no_recovery_but_a_validation() {
    Kpis kpis =
        hour(
            List.of(new RecoverySample(ALPHA, Failure.NONE, true, NOW, NOW, 0, 20, 20)), List.of());
    assertThat(kpis.recoveries()).isZero();
    assertThat(kpis.recoverySuccessRate()).isNull();
    assertThat(kpis.integrityValidationSuccessRate()).isEqualTo(1.0);
  }

  @Test
  void a_session_that_is_found_sound_again_has_ended_its_failure() {
    var quarantined = sample(ALPHA, Failure.STATE_CORRUPTION, false, NOW - 90_000, NOW - 80_000);
    var sound = sample(ALPHA, Failure.NONE, true, NOW - 60_100, NOW - 60_000);
    Kpis found = hour(List.of(quarantined, sound), List.of());
    assertThat(found.recoveries()).isEqualTo(2);
    assertThat(found.recoverySuccessRateByType())
        .as("what brought it back is a recovery of what it had failed of")
        .isEqualTo(Map.of(Failure.STATE_CORRUPTION, 0.5));
    assertThat(found.meanTimeToRecoveryMillis()).isEqualTo(30_000);
    Kpis crashedLater =
        hour(
            List.of(
                quarantined,
                sound,
                sample(ALPHA, Failure.PROCESS_CRASH, true, NOW - 1_000, NOW - 500)),
            List.of());
    assertThat(crashedLater.meanTimeToRecoveryMillis()).isEqualTo(15_250);
    assertThat(crashedLater.recoveryTimeP95Millis()).isEqualTo(30_000);
    Kpis asked = hour(List.of(sound, sound), List.of());
    assertThat(asked.recoveries()).as("of a session that had not failed").isZero();
  }

  @Test
  void percentiles_are_the_smallest_times_that_so_many_do_not_exceed() {
    var samples = new ArrayList<RecoverySample>();
    for (int i = 1; i <= 200; i++) {
      samples.add(sample(id(i), Failure.PROCESS_CRASH, true, NOW - i, NOW));
    }
    Kpis kpis = hour(samples, List.of());
    assertThat(kpis.recoveryTimeP95Millis()).isEqualTo(190);
    assertThat(kpis.recoveryTimeP99Millis()).isEqualTo(198);
    assertThat(kpis.meanTimeToRecoveryMillis()).isEqualTo(100.5);
  }

  @Test
  void loss_is_lost_over_acknowledged_and_never_more_than_everything() {
    var lossy =
        List.of(new RecoverySample(ALPHA, Failure.STATE_CORRUPTION, true, NOW, NOW, 3, 10, 9));
    assertThat(hour(lossy, List.of(minute(MINUTE, 1, 1, 600))).dataLossPercent()).isEqualTo(0.5);
    assertThat(hour(lossy, List.of(minute(MINUTE, 1, 1, 2))).dataLossPercent()).isEqualTo(100.0);
    assertThat(hour(lossy, List.of()).dataLossPercent()).isNull();
    assertThat(hour(lossy, List.of()).integrityValidationSuccessRate()).isEqualTo(0.9);
    assertThat(hour(List.of(), List.of(minute(MINUTE, 1, 1, 2))).dataLossPercent()).isEqualTo(0.0);
  }

  @Test
  void availability_is_the_share_of_the_observed_seconds_of_the_windows_minutes() {
    Kpis kpis =
        hour(
            List.of(),
            List.of(
                minute(MINUTE - 60, 0xff, 0, 5),
                minute(MINUTE - 59, 0xff, 0x7f, 5),
                minute(MINUTE, 0xff, 0xff, 5)));
    assertThat(kpis.secondsObserved()).isEqualTo(16);
    assertThat(kpis.availability()).isEqualTo(15.0 / 16);
    assertThat(kpis.operationsAcknowledged()).isEqualTo(10);
  }

  @Test
  void detection_is_accurate_as_far_as_it_neither_cried_wolf_nor_slept() {
    Kpis kpis =
        hour(
            List.of(),
            List.of(
                new Minute(MINUTE - 1, 0, 0, new Counts(0, 4, 5, 1, 0)),
                new Minute(MINUTE, 0, 0, new Counts(0, 1, 1, 0, 1))));
    assertThat(kpis.checksumFailures()).isEqualTo(5);
    assertThat(kpis.detectionAccuracy()).isEqualTo(6.0 / 8);
  }

  @Test
  void trials_of_the_window_count_for_the_accuracy_and_for_nothing_else() {
    var trials =
        List.of(
            new DetectionTrial(NOW - 60_000, 17, 10, 1, 2),
            new DetectionTrial(NOW, 3, 2, 0, 0),
            new DetectionTrial(NOW - 3_600_000, 50, 0, 50, 50));
    var minutes = List.of(new Minute(MINUTE, 0, 0, new Counts(0, 1, 3, 1, 1)));
    Kpis kpis = Kpis.over(Window.HOUR, NOW, List.of(), minutes, trials);
    assertThat(kpis.detectionAccuracy()).isEqualTo(15.0 / (15 + 2 + 1 + 1 + 1));
    assertThat(kpis.truePositives()).isEqualTo(3);
    assertThat(kpis.falsePositives()).isEqualTo(1);
    assertThat(kpis.missed()).isEqualTo(1);
    assertThat(kpis.trials()).isEqualTo(new DetectionTrial(NOW, 20, 12, 1, 2));
    assertThat(Kpis.over(Window.HOUR, NOW, List.of(), List.of(), trials).detectionAccuracy())
        .isEqualTo(12.0 / 15);
    var harmless = List.of(new DetectionTrial(NOW, 4, 0, 0, 0));
    assertThat(Kpis.over(Window.HOUR, NOW, List.of(), List.of(), harmless).detectionAccuracy())
        .as("damage without effect says nothing")
        .isNull();
  }
}
