package dev.planaria.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.ActivityMeter.Rates;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How much is going on, and when that makes a checkpoint due, in a time of its own.
final class ActivityMeterTest {

  private static final long START = 1_800_000_000_000L;

  private final ActivityMeter meter = new ActivityMeter(Rates.DEFAULT);
  private long now = START;
  private double done;

  /// Works at a rate for a while, looking every second; returns what each look said.
  private List<Activity> work(double perSecond, int seconds) {
    var said = new ArrayList<Activity>();
    for (int i = 0; i < seconds; i++) {
      now += 1_000;
      done += perSecond;
      said.add(meter.observe((long) done, now));
    }
    return said;
  }

  @Test
  void nobody_knows_for_the_first_minute_and_that_counts_as_medium() {
    assertThat(work(100, 60)).containsOnly(Activity.MEDIUM);
    assertThat(work(100, 10)).contains(Activity.HIGH);
  }

  @Test
  void the_rate_over_a_minute_decides() {
    assertThat(work(1.1, 200).getLast()).isEqualTo(Activity.HIGH);
    assertThat(work(0.3, 200).getLast()).isEqualTo(Activity.MEDIUM);
    assertThat(work(0.01, 400).getLast()).isEqualTo(Activity.LOW);
    assertThat(work(0.2, 400).getLast()).isEqualTo(Activity.MEDIUM);
    assertThat(work(5, 200).getLast()).isEqualTo(Activity.HIGH);
  }

  @Test
  void a_rate_that_swings_about_a_bound_does_not_swing_the_level() {
    work(1.2, 200);
    var said = new ArrayList<Activity>();
    for (int i = 0; i < 30; i++) {
      said.addAll(work(i % 2 == 0 ? 0.9 : 1.1, 60));
    }
    assertThat(said).containsOnly(Activity.HIGH);
    var abrupt = new ActivityMeterTest();
    abrupt.work(1.2, 200);
    assertThat(changes(abrupt.swing(new Rates(60_000, 1, 0.05, 0)))).isGreaterThan(5);
  }

  /// The same swing without any slack.
  private List<Activity> swing(Rates rates) {
    var without = new ActivityMeter(rates);
    var said = new ArrayList<Activity>();
    for (int i = 0; i < 1_800; i++) {
      now += 1_000;
      done += i / 60 % 2 == 0 ? 0.9 : 1.1;
      said.add(without.observe((long) done, now));
    }
    return said;
  }

  private static int changes(List<Activity> said) {
    int changes = 0;
    for (int i = 1; i < said.size(); i++) {
      changes += said.get(i) == said.get(i - 1) ? 0 : 1;
    }
    return changes;
  }

  @Test
  void a_clock_that_is_set_back_starts_the_measurement_again() {
    work(5, 200);
    now -= 3_600_000;
    assertThat(work(5, 50)).containsOnly(Activity.MEDIUM);
    assertThat(work(5, 20)).contains(Activity.HIGH);
  }

  @Test
  void a_long_silence_between_two_looks_is_measured_as_it_was() {
    work(5, 200);
    now += 3_600_000;
    assertThat(work(0, 1)).containsExactly(Activity.LOW);
  }

  @Test
  void bounds_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> new Rates(60_000, 0.01, 0.05, 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mediumPerSecond");
  }

  @Test
  void a_checkpoint_is_due_by_activity_by_number_and_by_size_and_never_for_nothing() {
    CheckpointPolicy policy = CheckpointPolicy.DEFAULT;
    var few = new CheckpointPolicy.Tail(1, 100, START);
    assertThat(policy.isDue(few, Activity.HIGH, START + 29_999)).isFalse();
    assertThat(policy.isDue(few, Activity.HIGH, START + 30_000)).isTrue();
    assertThat(policy.isDue(few, Activity.MEDIUM, START + 119_999)).isFalse();
    assertThat(policy.isDue(few, Activity.MEDIUM, START + 120_000)).isTrue();
    assertThat(policy.isDue(few, Activity.LOW, START + 299_999)).isFalse();
    assertThat(policy.isDue(few, Activity.LOW, START + 300_000)).isTrue();
    assertThat(policy.isDue(new CheckpointPolicy.Tail(10_000, 1, START), Activity.LOW, START))
        .isTrue();
    assertThat(policy.isDue(new CheckpointPolicy.Tail(1, 8 << 20, START), Activity.LOW, START))
        .isTrue();
    assertThat(policy.isDue(new CheckpointPolicy.Tail(0, 0, START), Activity.HIGH, Long.MAX_VALUE))
        .isFalse();
  }
}
