package dev.planaria.app.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The standing outlives the process, whole or not at all.
class AlertBoardTest {
  @TempDir Path directory;

  private final KeptLog log = new KeptLog();
  private final List<String> told = new ArrayList<>();
  private long now = Sample.START;

  private Path file() {
    return directory.resolve("alerts.json");
  }

  private AlertBoard open() {
    return new AlertBoard(
        new StandingFile(file(), new Patience(), log),
        Thresholds.DEFAULT,
        () -> now,
        log,
        List.of(change -> told.add(change.alert().type() + " " + change.kind())));
  }

  @Test
  void the_next_process_knows_what_fires_what_was_acknowledged_and_what_is_silenced() {
    AlertBoard first = open();
    for (AlertType type : AlertType.values()) {
      first.take(Sample.bad(type));
      now += 40_000;
      first.take(Sample.bad(type));
    }
    Alert some = first.list().getFirst();
    first.acknowledge(some.id());
    first.silence(some.id(), 60_000);
    assertThat(first.list()).hasSizeGreaterThan(10);
    AlertBoard second = open();
    assertThat(ids(second)).isEqualTo(ids(first));
    Alert.Handling kept = second.list().getFirst().handling();
    assertThat(kept.acknowledged()).isTrue();
    assertThat(kept.silencedUntilMillis()).isEqualTo(now + 60_000);
    assertThat(AlertViews.list(second.list())).isEqualTo(AlertViews.list(first.list()));
    assertThat(log.warnings()).isEmpty();
  }

  private static List<String> ids(AlertBoard board) {
    return board.list().stream().map(alert -> alert.id() + alert.state()).toList();
  }

  @Test
  void what_fires_is_told_once_however_often_the_process_changes() {
    for (int process = 0; process < 5; process++) {
      AlertBoard board = open();
      board.take(Sample.unknown()); // nobody has looked at anything yet
      now += 5_000;
      board.take(Sample.away(0));
      now += 5_000;
    }
    assertThat(told).containsExactly("CONNECTION_LOST FIRED");
    AlertBoard last = open();
    last.take(Sample.good());
    now += 40_000;
    last.take(Sample.good());
    assertThat(told).containsExactly("CONNECTION_LOST FIRED", "CONNECTION_LOST CLEARED");
  }

  @Test
  void workers_that_die_right_after_their_start_are_a_crash_loop() throws IOException {
    for (int process = 0; process < 3; process++) {
      open().crashed(now);
      open().crashed(now); // told of twice, it counts once
      now += 2_000;
    }
    open().take(Sample.crashes(List.of(now - 2_000)));
    assertThat(told).containsExactly("CRASH_LOOP FIRED");
    for (int i = 0; i < 2 * Standing.CRASHES; i++) {
      open().crashed(now++);
    }
    assertThat(new StandingFile(file(), new Patience(), log).read().crashesMillis())
        .hasSize(Standing.CRASHES);
  }

  @Test
  void what_a_receiver_was_not_told_waits_for_the_next_process_and_is_told_in_order() {
    AlertBoard first = open();
    first.receivers(Set.of("ops", "other"));
    first.take(Sample.away(0));
    now += 5_000;
    first.take(Sample.good());
    now += 40_000;
    first.take(Sample.good());
    first.done(first.next("other").orElseThrow());
    AlertBoard second = open();
    second.receivers(Set.of("ops", "other"));
    var one = second.next("ops").orElseThrow();
    assertThat(one.change().kind()).isEqualTo(AlertChange.Kind.FIRED);
    second.done(one);
    var two = second.next("ops").orElseThrow();
    assertThat(two.change().kind()).isEqualTo(AlertChange.Kind.CLEARED);
    assertThat(two.change().id()).isNotEqualTo(one.change().id());
    assertThat(second.next("other")).map(Standing.Delivery::change).contains(two.change());
    second.receivers(Set.of("ops"));
    assertThat(second.next("other")).as("nobody is there to tell").isEmpty();
    second.done(two);
    assertThat(open().next("ops")).isEmpty();
  }

  @Test
  void messages_for_a_receiver_that_is_away_are_bounded_in_number_and_age() {
    var standing = Standing.NONE;
    Readings[] turns = {Sample.away(0), Sample.good(), Sample.good()};
    for (int i = 0; i < 3 * Standing.WAITING_PER_RECEIVER; i++) {
      standing = turned(standing, turns[i % 3]);
      now += 31_000;
    }
    assertThat(standing.outbox()).hasSize(Standing.WAITING_PER_RECEIVER);
    assertThat(standing.outbox().getFirst().sinceMillis()).isGreaterThan(Sample.START);
    now += Standing.WAITING_MILLIS;
    standing = turned(standing, Sample.away(0));
    assertThat(standing.outbox()).hasSize(1);
  }

  private Standing turned(Standing standing, Readings readings) {
    return standing.after(
        standing.alerts().step(Thresholds.DEFAULT, readings, now), Set.of("ops"), now);
  }

  @Test
  void a_damaged_file_is_put_aside_and_reported_and_stops_nothing() throws IOException {
    AlertBoard first = open();
    first.take(Sample.away(0));
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    byte[] whole = Files.readAllBytes(file());
    var random = new Random(7);
    int damaged = 0;
    for (int i = 0; i < 200; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      // The line's end is the one byte that the checksum does not hold.
      boolean real = bytes[64] == '\n';
      Files.write(file(), i % 2 == 0 ? bytes : cut(whole, random.nextInt(whole.length)));
      AlertBoard second = open();
      if (real || i % 2 == 1) {
        damaged++;
        assertThat(second.list()).as("damage %d", i).isEmpty();
        assertThat(log.warnings()).hasSize(damaged);
        assertThat(directory.resolve("alerts.json.damaged")).exists();
      }
      Files.deleteIfExists(file());
    }
    System.out.println("seed 7: damaged files " + damaged);
    assertThat(damaged).isGreaterThan(190);
    AlertBoard third = open();
    third.take(Sample.away(0));
    assertThat(open().list()).hasSize(1);
  }

  @Test
  void a_file_that_cannot_be_read_now_is_kept_and_gone_on_from_as_soon_as_it_can()
      throws IOException {
    AlertBoard first = open();
    first.take(Sample.away(0));
    first.acknowledge(first.list().getFirst().id());
    Path kept = Files.move(file(), directory.resolve("kept"));
    Files.createDirectory(file()); // an error of reading that is no damage
    AlertBoard second = open();
    assertThat(second.list()).isEmpty();
    second.take(Sample.stuck(Still.QUARANTINED_SESSION, Sample.SESSION));
    assertThat(told).containsExactly("CONNECTION_LOST FIRED", "SESSION_STUCK FIRED");
    second.take(Sample.stuck(Still.QUARANTINED_SESSION, Sample.SESSION));
    assertThat(log.warnings()).singleElement().asString().contains("cannot be read now");
    assertThat(directory.resolve("alerts.json.damaged")).doesNotExist();
    Files.delete(file());
    Files.move(kept, file());
    second.take(Sample.away(0));
    assertThat(second.list().stream().map(Alert::type))
        .containsExactlyInAnyOrder(AlertType.CONNECTION_LOST, AlertType.SESSION_STUCK);
    assertThat(second.list())
        .filteredOn(alert -> alert.type() == AlertType.CONNECTION_LOST)
        .allMatch(alert -> alert.handling().acknowledged());
    assertThat(ids(open())).isEqualTo(ids(second));
    assertThat(told).hasSize(2);
  }

  @Test
  void a_disk_that_does_not_answer_keeps_nobody_from_being_told_and_is_written_when_it_does()
      throws IOException {
    var hangs = new AtomicBoolean();
    var patience =
        new Patience(
            7,
            (kind, work, limitMillis) -> {
              var _ = hangs.get() ? null : work.join();
              return !hangs.get();
            });
    var board =
        new AlertBoard(
            new StandingFile(file(), patience, log),
            Thresholds.DEFAULT,
            () -> now,
            log,
            List.of(change -> told.add(change.alert().type() + " " + change.kind())));
    hangs.set(true);
    board.take(Sample.away(0));
    assertThat(told).containsExactly("CONNECTION_LOST FIRED");
    assertThat(board.list()).hasSize(1);
    assertThat(log.warnings()).singleElement().asString().contains("does not answer within 7 ms");
    hangs.set(false);
    while (!ids(open()).equals(ids(board))) {
      now += 5_000;
      board.take(Sample.away(0));
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void the_largest_standing_that_there_can_be_is_read_again_whole() throws IOException {
    String message = "\u0001".repeat(Alert.MESSAGE_CHARACTERS + 50);
    Map<String, Alert> alerts = new HashMap<>();
    for (int i = 0; i < Alerts.MOST; i++) {
      var signal =
          new Signal(
              AlertType.RECOVERY_FAILURE_RATE_HIGH,
              Subject.server(
                  "01890000-0000-7000-8000-000000000001",
                  "\u20ac".repeat(256),
                  i + "\u20ac".repeat(250)),
              Signal.Verdict.BAD,
              "01890000-0000-7000-8000-000000000001",
              message,
              0.123456789,
              0.123456789);
      Alert alert = Alert.pending(signal, now).fired(signal, now, now);
      alerts.put(alert.id(), alert);
    }
    var worst = alerts.values().iterator().next();
    var waiting = new ArrayList<Standing.Delivery>();
    for (int i = 0; i < Standing.WAITING; i++) {
      waiting.add(
          new Standing.Delivery(
              "r".repeat(64), now, new AlertChange(AlertChange.Kind.FIRED, worst)));
    }
    var largest = new Standing(new Alerts(alerts), waiting, List.of());
    var file = new StandingFile(file(), new Patience(), log);
    file.write(largest);
    assertThat(Files.size(file())).isBetween(StandingFile.MOST_BYTES / 2, StandingFile.MOST_BYTES);
    assertThat(file.read()).isEqualTo(largest);
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void messages_for_all_receivers_together_are_bounded_too() {
    var standing = Standing.NONE;
    Readings[] turns = {Sample.away(0), Sample.good(), Sample.good()};
    Set<String> receivers = Set.of("a", "b", "c", "d", "e");
    for (int i = 0; i < 3 * Standing.WAITING_PER_RECEIVER; i++) {
      standing =
          standing.after(
              standing.alerts().step(Thresholds.DEFAULT, turns[i % 3], now), receivers, now);
      now += 31_000;
    }
    assertThat(standing.outbox()).hasSize(Standing.WAITING);
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @Test
  void a_file_that_cannot_be_written_is_complained_about_once_and_alerts_are_told_all_the_same()
      throws IOException {
    AlertBoard board = open();
    Path away = directory.resolve("away");
    AlertBoard lost =
        new AlertBoard(
            new StandingFile(away.resolve("alerts.json"), new Patience(), log),
            Thresholds.DEFAULT,
            () -> now,
            log,
            List.of(change -> told.add("lost " + change.kind())));
    lost.take(Sample.away(0));
    lost.take(Sample.away(0));
    assertThat(told).containsExactly("lost FIRED");
    assertThat(log.warnings()).hasSize(1);
    Files.createDirectory(away);
    lost.take(Sample.away(0));
    assertThat(away.resolve("alerts.json")).exists();
    assertThat(board.list()).isEmpty();
  }

  @Test
  void an_alert_is_shown_with_its_times_as_long_as_it_is_remembered() {
    AlertBoard board = open();
    board.take(Sample.away(0));
    long fired = now;
    now += 5_000;
    board.take(Sample.good());
    now += 60_000;
    board.take(Sample.good());
    board.take(Sample.good());
    JsonObject shown = AlertViews.alert(board.list().getFirst());
    assertThat(shown.get("state")).isEqualTo(new JsonString("cleared"));
    assertThat(shown.get("since_at")).isEqualTo(JsonNumber.of(fired));
    assertThat(shown.get("cleared_at")).isEqualTo(JsonNumber.of(now));
    assertThat(shown.get("silenced_until")).isEqualTo(JsonNull.NULL);
  }

  @Test
  void an_alert_that_is_not_there_cannot_be_acknowledged() {
    AlertBoard board = open();
    assertThatThrownBy(() -> board.acknowledge("disk-low-1"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no such alert");
    assertThatThrownBy(() -> board.silence("disk-low-1", 1)).isInstanceOf(Refusal.class);
  }
}
