package dev.planaria.app.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each alert fires and clears once for each cause, on a virtual clock; and what each rule is there
/// for is missed when it is taken away.
class AlertsTest {
  private static final long HOUR = 3_600_000;

  @ParameterizedTest
  @EnumSource
  void an_alert_fires_once_and_clears_once(AlertType type) {
    var time = new VirtualTime();
    time.pass(Sample.good(), 60_000);
    assertThat(time.told()).isEmpty();
    time.pass(Sample.bad(type), HOUR / 12);
    assertThat(time.told()).containsExactly(type + " FIRED");
    assertThat(time.alerts().list()).hasSize(1);
    Alert firing = time.only();
    assertThat(firing.type()).isEqualTo(type);
    assertThat(firing.occurrences()).isEqualTo(1);
    assertThat(firing.seen().message()).isNotBlank();
    assertThat(type.why()).endsWith(".");
    assertThat(type.whatToDo()).endsWith(".");
    if (type == AlertType.CRASH_LOOP) {
      time.pass(Sample.bad(type), 600_000); // the crashes are still told, and are long ago now
    } else {
      time.pass(Sample.good(), type.clearAfterMillis());
    }
    assertThat(time.told()).containsExactly(type + " CLEARED");
    time.pass(Sample.good(), HOUR);
    assertThat(time.told()).isEmpty();
    assertThat(time.only().state()).isEqualTo(Alert.State.CLEARED);
  }

  /// Crashes are known unless they cannot be read, and that something cannot be read always is.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CRASH_LOOP", "STORE_UNANSWERED"})
  void what_nobody_can_tell_neither_fires_nor_clears(AlertType type) {
    var time = new VirtualTime();
    time.pass(Sample.unknown(), HOUR);
    assertThat(time.told()).isEmpty();
    time.pass(Sample.bad(type), 120_000);
    assertThat(time.told()).containsExactly(type + " FIRED");
    time.pass(Sample.unknown(), HOUR);
    assertThat(time.told()).isEmpty();
    assertThat(time.only().isFiring()).isTrue();
    var careless = new VirtualTime(new AlertGuarantees(true, true, true, false));
    careless.pass(Sample.bad(type), 120_000).pass(Sample.unknown(), HOUR);
    assertThat(careless.told()).contains(type + " CLEARED");
  }

  @Test
  void a_store_that_does_not_answer_is_told_within_ten_seconds_and_a_short_break_is_not() {
    var time = new VirtualTime();
    time.turn(Sample.bad(AlertType.STORE_UNANSWERED)).turn(Sample.good());
    assertThat(time.told()).isEmpty();
    time.turn(Sample.bad(AlertType.STORE_UNANSWERED));
    time.turn(ReadingsBuilder.good().unread(Sample.START, Part.WRITER, Part.DISK).build());
    assertThat(time.told()).containsExactly("STORE_UNANSWERED FIRED");
    assertThat(time.only().seen().message())
        .contains("the journal writer cannot be read: input/output error (and 1 more)");
  }

  @Test
  void while_the_sessions_cannot_be_listed_none_of_their_alerts_fires_or_clears() {
    Readings blind = ReadingsBuilder.good().unread(Sample.START, Part.SESSIONS).build();
    var time = new VirtualTime();
    time.pass(Sample.bad(AlertType.TASK_STUCK), 5_000);
    assertThat(time.told()).containsExactly("TASK_STUCK FIRED");
    time.pass(blind, HOUR);
    assertThat(time.told()).containsExactly("STORE_UNANSWERED FIRED");
    time.pass(Sample.good(), 60_000);
    assertThat(time.told())
        .containsExactlyInAnyOrder("STORE_UNANSWERED CLEARED", "TASK_STUCK CLEARED");
  }

  @Test
  void the_alert_about_all_others_does_not_clear_while_sessions_were_not_looked_at() {
    var many = new ArrayList<Readings.Stuck>();
    for (int i = 0; i <= Alerts.PER_TYPE; i++) {
      many.add(new Readings.Stuck(Still.TASK, Subject.session("s" + i, "s"), 0, 1, "waits"));
    }
    var time = new VirtualTime();
    time.turn(Sample.stuck(many));
    time.told();
    time.pass(ReadingsBuilder.good().unseen(Set.of("s7")).build(), HOUR);
    assertThat(time.told()).hasSize(Alerts.PER_TYPE - 1);
    time.pass(Sample.good(), HOUR);
    assertThat(time.told()).hasSize(2);
  }

  @Test
  void crashes_that_cannot_be_read_clear_no_crash_loop_and_those_that_are_known_fire_one() {
    var time = new VirtualTime();
    Readings known =
        ReadingsBuilder.good()
            .crashes(List.of(Sample.START, Sample.START + 1, Sample.START + 2))
            .unread(Sample.START, Part.RECOVERIES)
            .build();
    time.turn(known);
    assertThat(time.told()).containsExactly("CRASH_LOOP FIRED");
    time.pass(ReadingsBuilder.good().unread(Sample.START, Part.RECOVERIES).build(), HOUR);
    assertThat(time.told()).containsExactly("STORE_UNANSWERED FIRED");
    time.pass(Sample.good(), 60_000);
    assertThat(time.told()).contains("CRASH_LOOP CLEARED");
  }

  @Test
  void the_standing_is_bounded_whatever_comes_and_goes() {
    var random = new Random(11);
    var time = new VirtualTime();
    for (int round = 0; round < 40; round++) {
      var some = new ArrayList<Readings.Stuck>();
      for (int i = 0; i < 150; i++) {
        var subject = Subject.session("s" + random.nextInt(3_000), "s");
        some.add(new Readings.Stuck(Still.TASK, subject, 0, 1, "waits"));
        some.add(new Readings.Stuck(Still.QUARANTINED_SESSION, subject, 0, 1, "entry 3"));
      }
      time.pass(Sample.stuck(some), 10_000).pass(Sample.good(), 30_000);
      assertThat(time.alerts().byId()).hasSizeLessThanOrEqualTo(Alerts.MOST);
      for (AlertType type : AlertType.values()) {
        assertThat(time.alerts().byId().values())
            .filteredOn(alert -> alert.type() == type && alert.isFiring())
            .as("seed 11, %s", type)
            .hasSizeLessThanOrEqualTo(Alerts.PER_TYPE + 1);
      }
    }
  }

  @Test
  void a_reading_that_goes_on_clears_nothing_that_it_has_not_come_to() {
    var daemon = new Readings.Flaw(Subject.DAEMON, "frame 1 is damaged");
    var session = new Readings.Flaw(Subject.session("s1", "work"), "its checkpoint is damaged");
    var time = new VirtualTime();
    time.pass(Sample.flaws(new Readings.Flaws(List.of(daemon, session), true)), HOUR);
    assertThat(time.told())
        .containsExactlyInAnyOrder("INTEGRITY_FINDING FIRED", "INTEGRITY_FINDING FIRED");
    time.pass(Sample.flaws(new Readings.Flaws(List.of(session), false)), HOUR);
    assertThat(time.told()).isEmpty();
    time.pass(Sample.flaws(new Readings.Flaws(List.of(session), true)), HOUR);
    assertThat(time.told()).containsExactly("INTEGRITY_FINDING CLEARED");
  }

  @Test
  void a_figure_that_swings_around_its_limit_is_one_alert_and_many_without_hysteresis() {
    assertThat(swinging(AlertGuarantees.ALL))
        .containsExactly("RECOVERY_FAILURE_RATE_HIGH FIRED", "RECOVERY_FAILURE_RATE_HIGH CLEARED");
    assertThat(swinging(new AlertGuarantees(false, true, true, true))).hasSizeGreaterThan(20);
  }

  private static List<String> swinging(AlertGuarantees guarantees) {
    var time = new VirtualTime(guarantees);
    for (int i = 0; i < 20; i++) {
      time.turn(Sample.failing(0.011, 100)).turn(Sample.failing(0.009, 100));
    }
    time.pass(Sample.failing(0.004, 100), 400_000);
    return time.told();
  }

  @Test
  void what_is_good_only_now_and_then_does_not_clear() {
    var time = new VirtualTime();
    time.pass(Sample.bad(AlertType.CONNECTION_LOST), 5_000);
    for (int i = 0; i < 50; i++) {
      time.turn(Sample.good()).turn(Sample.bad(AlertType.CONNECTION_LOST));
    }
    assertThat(time.told()).containsExactly("CONNECTION_LOST FIRED");
    time.pass(Sample.good(), AlertType.CONNECTION_LOST.clearAfterMillis());
    assertThat(time.told()).containsExactly("CONNECTION_LOST CLEARED");
  }

  @Test
  void what_is_bad_for_too_short_a_time_is_told_to_nobody() {
    var time = new VirtualTime();
    for (int i = 0; i < 50; i++) {
      time.turn(Sample.bad(AlertType.DISK_LOW)).turn(Sample.good());
    }
    assertThat(time.told()).isEmpty();
    assertThat(time.alerts().list()).isEmpty();
    var nervous = new VirtualTime(new AlertGuarantees(false, true, true, true));
    nervous.turn(Sample.bad(AlertType.DISK_LOW));
    assertThat(nervous.told()).containsExactly("DISK_LOW FIRED");
  }

  @Test
  void a_figure_that_rests_on_too_little_fires_nothing() {
    var time = new VirtualTime();
    time.pass(Sample.failing(0.33, 3), HOUR);
    assertThat(time.told()).isEmpty();
    var rash = new VirtualTime(new AlertGuarantees(true, false, true, true));
    rash.turn(Sample.failing(0.33, 3));
    assertThat(rash.told()).containsExactly("RECOVERY_FAILURE_RATE_HIGH FIRED");
  }

  @Test
  void an_alert_that_fires_is_told_once_and_with_every_turn_without_deduplication() {
    var talkative = new VirtualTime(new AlertGuarantees(true, true, false, true));
    talkative.pass(Sample.bad(AlertType.CONNECTION_LOST), 60_000);
    assertThat(talkative.told()).hasSizeGreaterThan(5);
  }

  @Test
  void subjects_fire_and_clear_each_by_itself() {
    var time = new VirtualTime();
    var one = new Readings.Stuck(Still.TASK, Subject.session("1", "one"), 0, 1, "waits");
    var two = new Readings.Stuck(Still.TASK, Subject.session("2", "two"), 0, 1, "waits");
    time.turn(Sample.stuck(List.of(one))).turn(Sample.stuck(List.of(one, two)));
    assertThat(time.told()).containsExactly("TASK_STUCK FIRED", "TASK_STUCK FIRED");
    time.pass(Sample.stuck(List.of(two)), AlertType.TASK_STUCK.clearAfterMillis());
    assertThat(time.told()).containsExactly("TASK_STUCK CLEARED");
    assertThat(time.alerts().list().stream().filter(Alert::isFiring))
        .extracting(alert -> alert.subject().sessionId())
        .containsExactly("2");
  }

  @Test
  void of_too_many_subjects_the_rest_is_told_together_and_in_the_end_all_clear() {
    var many = new ArrayList<Readings.Stuck>();
    for (int i = 0; i < 10_000; i++) {
      many.add(new Readings.Stuck(Still.TASK, Subject.session("s" + i, "s" + i), 0, 1, "waits"));
    }
    var time = new VirtualTime();
    time.pass(Sample.stuck(many), 60_000);
    assertThat(time.told()).hasSize(Alerts.PER_TYPE + 1);
    assertThat(time.alerts().list())
        .filteredOn(alert -> alert.subject().equals(Subject.OTHERS))
        .singleElement()
        .satisfies(alert -> assertThat(alert.seen().value()).isEqualTo(9_900.0));
    time.pass(Sample.good(), HOUR);
    assertThat(time.told()).hasSize(Alerts.PER_TYPE + 1).allMatch("TASK_STUCK CLEARED"::equals);
  }

  @Test
  void a_loss_is_told_until_somebody_takes_note_and_the_next_one_is_told_anew() {
    var time = new VirtualTime();
    time.pass(Sample.lost("first", Sample.START), HOUR);
    assertThat(time.told()).containsExactly("OPERATIONS_LOST FIRED");
    time.change(time.alerts().acknowledged(time.only()));
    time.pass(Sample.lost("first", Sample.START), HOUR);
    assertThat(time.told()).containsExactly("OPERATIONS_LOST CLEARED");
    time.pass(Sample.lost("second", time.nowMillis()), HOUR);
    assertThat(time.told()).containsExactly("OPERATIONS_LOST FIRED");
    assertThat(time.only().handling().acknowledged()).isFalse();
    time.pass(Sample.lost("third", time.nowMillis()), HOUR);
    assertThat(time.told()).containsExactly("OPERATIONS_LOST FIRED");
    assertThat(time.only().occurrences()).isEqualTo(3);
  }

  private static Readings.Loss loss(int session, long atMillis) {
    return new Readings.Loss(
        Subject.session("s" + session, "s"),
        String.format(Locale.ROOT, "recovery-%04d", session),
        atMillis,
        1,
        "lost 1 acknowledged operation");
  }

  private static Readings losses(List<Readings.Loss> losses) {
    return ReadingsBuilder.good().losses(losses).build();
  }

  private static void acknowledgeAll(VirtualTime time) {
    for (Alert alert : time.alerts().list()) {
      if (alert.isFiring()) {
        time.change(time.alerts().acknowledged(alert));
      }
    }
  }

  @Test
  void losses_that_were_acknowledged_and_are_told_no_more_leave_room_for_the_next_one() {
    var time = new VirtualTime();
    var many = new ArrayList<Readings.Loss>();
    for (int i = 0; i < Alerts.PER_TYPE; i++) {
      many.add(loss(i, time.nowMillis()));
    }
    time.turn(losses(many));
    acknowledgeAll(time);
    time.turn(losses(many)).turn(Sample.good());
    assertThat(time.told()).hasSize(2 * Alerts.PER_TYPE);
    time.turn(losses(List.of(loss(7_000, time.nowMillis()))));
    assertThat(time.told()).containsExactly("OPERATIONS_LOST FIRED");
    assertThat(time.only().subject().sessionId()).isEqualTo("s7000");
  }

  @Test
  void a_loss_for_which_there_is_no_room_makes_the_alert_about_all_others_fire_anew() {
    var time = new VirtualTime();
    var many = new ArrayList<Readings.Loss>();
    for (int i = 0; i <= Alerts.PER_TYPE; i++) {
      many.add(loss(i, time.nowMillis()));
    }
    time.turn(losses(many));
    acknowledgeAll(time);
    time.turn(losses(many));
    assertThat(time.told()).hasSize(2 * (Alerts.PER_TYPE + 1));
    time.pass(losses(many), 60_000);
    assertThat(time.told()).as("nothing is new").isEmpty();
    for (int next = 200; next < 203; next++) {
      many.add(loss(next, time.nowMillis()));
      time.pass(losses(many), 60_000);
      assertThat(time.told()).containsExactly("OPERATIONS_LOST FIRED");
      assertThat(time.only().subject()).isEqualTo(Subject.OTHERS);
    }
  }

  @Test
  void silence_keeps_an_alert_from_being_told_and_ends_by_itself() {
    var time = new VirtualTime();
    time.pass(Sample.away(0), 5_000).pass(Sample.good(), 60_000);
    assertThat(time.told()).hasSize(2);
    time.change(time.alerts().silenced(time.only(), time.nowMillis() + HOUR));
    time.pass(Sample.away(0), HOUR / 2);
    assertThat(time.told()).isEmpty();
    assertThat(time.only().isFiring()).isTrue();
    time.pass(Sample.away(0), HOUR);
    assertThat(time.told()).containsExactly("CONNECTION_LOST FIRED");
    time.change(time.alerts().silenced(time.only(), time.nowMillis() + HOUR));
    time.pass(Sample.good(), 60_000);
    assertThat(time.told()).as("who was told that it fires hears of its end").hasSize(1);
    time.pass(Sample.away(0), 60_000).pass(Sample.good(), 60_000);
    assertThat(time.told()).as("and nobody of one that came and went in silence").isEmpty();
  }

  @Test
  void an_acknowledged_condition_goes_on_until_it_is_over_and_its_next_time_is_new() {
    var time = new VirtualTime();
    time.pass(Sample.away(0), 5_000);
    time.change(time.alerts().acknowledged(time.only()));
    time.pass(Sample.away(0), HOUR);
    assertThat(time.only().isFiring()).isTrue();
    assertThat(time.only().handling().acknowledged()).isTrue();
    time.pass(Sample.good(), 60_000).pass(Sample.away(0), 60_000);
    assertThat(time.only().handling().acknowledged()).isFalse();
    assertThat(time.told())
        .containsExactly(
            "CONNECTION_LOST FIRED", "CONNECTION_LOST CLEARED", "CONNECTION_LOST FIRED");
  }

  @Test
  void a_clock_that_steps_back_loses_no_alert_and_lets_none_hang() {
    var time = new VirtualTime();
    time.pass(Sample.away(0), 5_000);
    Alerts firing = time.alerts();
    long before = time.nowMillis() - HOUR;
    Alerts good = firing.step(Thresholds.DEFAULT, Sample.good(), time.nowMillis()).alerts();
    Alerts.Step back = good.step(Thresholds.DEFAULT, Sample.good(), before);
    assertThat(back.changes()).isEmpty();
    assertThat(back.alerts().step(Thresholds.DEFAULT, Sample.good(), before + 30_000).changes())
        .hasSize(1);
  }

  @Test
  void what_cleared_is_remembered_within_bounds() {
    var time = new VirtualTime();
    for (int round = 0; round < 10; round++) {
      var some = new ArrayList<Readings.Stuck>();
      for (int i = 0; i < 90; i++) {
        var subject = Subject.session(round + "-" + i, "s");
        some.add(new Readings.Stuck(Still.TASK, subject, 0, 1, "waits"));
      }
      time.turn(Sample.stuck(some)).pass(Sample.good(), 120_000);
    }
    assertThat(time.alerts().byId()).hasSize(Alerts.HISTORY);
    assertThat(time.only().subject().sessionId()).startsWith("9-");
    Alerts later =
        time.alerts()
            .step(Thresholds.DEFAULT, Sample.good(), time.nowMillis() + Alerts.HISTORY_MILLIS)
            .alerts();
    assertThat(later.byId()).hasSizeLessThan(Alerts.HISTORY);
  }

  @Test
  void under_any_readings_each_alert_fires_and_clears_in_turn_and_tells_each_change_once() {
    long seed = 20_261_123L;
    var random = new Random(seed);
    var time = new VirtualTime();
    Alerts alerts = time.alerts();
    long now = Sample.START;
    Map<String, AlertChange.Kind> last = new HashMap<>();
    Set<String> ids = new HashSet<>();
    var fired = new EnumMap<AlertType, Integer>(AlertType.class);
    AlertType[] types = AlertType.values();
    AlertType type = types[0];
    for (int turn = 0; turn < 20_000; turn++) {
      if (random.nextInt(40) == 0) {
        type = types[random.nextInt(types.length)];
      }
      int die = random.nextInt(10);
      Readings readings = die < 7 ? Sample.bad(type) : die < 9 ? Sample.good() : Sample.unknown();
      if (random.nextInt(100) == 0 && !alerts.list().isEmpty()) {
        alerts = alerts.silenced(alerts.list().getFirst(), now + random.nextInt(600_000));
      }
      Alerts.Step step = alerts.step(Thresholds.DEFAULT, readings, now);
      alerts = step.alerts();
      for (AlertChange change : step.changes()) {
        assertThat(ids.add(change.id())).as("seed %d, %s", seed, change).isTrue();
        AlertChange.Kind before = last.put(change.alert().id(), change.kind());
        assertThat(change.kind()).as("seed %d, %s", seed, change).isNotEqualTo(before);
        if (change.kind() == AlertChange.Kind.FIRED) {
          fired.merge(change.alert().type(), 1, Integer::sum);
        }
      }
      now += 5_000;
    }
    System.out.println("alerts under any readings: seed " + seed + ", fired " + fired);
    assertThat(fired).hasSizeGreaterThan(10);
  }
}
