package dev.planaria.app.alerts.notifiers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.ReadingsBuilder;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Receivers are told what happened, once and in order, whether they are there at once or later.
class NotifiersTest implements Poster {
  private static final String SECRET = "correct horse battery staple";
  private static final String WEBHOOK =
      "{\"type\":\"webhook\",\"name\":\"ops\",\"url\":\"http://receiver.example/hook\","
          + "\"secret_env\":\"OPS\"}";
  private static final String MANAGER =
      "{\"type\":\"alertmanager\",\"url\":\"http://manager.example/\"}";
  private static final long START = 1_800_000_000_000L;

  @TempDir Path directory;

  private final KeptLog log = new KeptLog();
  private final List<Sent> sent = new ArrayList<>();
  private int tries;
  private Fate fate = Fate.TAKES;
  private long now = START;

  private record Sent(URI url, Map<String, String> headers, String body) {}

  private enum Fate {
    TAKES,
    IS_DOWN,
    REFUSES,
    DIES_AFTERWARDS
  }

  @Override
  public int post(URI url, Map<String, String> headers, byte[] body) throws IOException {
    tries++;
    if (fate == Fate.IS_DOWN) {
      throw new IOException("connection refused");
    }
    sent.add(new Sent(url, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8)));
    if (fate == Fate.DIES_AFTERWARDS) {
      throw new IOException("reset");
    }
    return fate == Fate.REFUSES ? 500 : 200;
  }

  private Path config() {
    return directory.resolve("servers.json");
  }

  private void configure(String receivers) throws IOException {
    Files.writeString(
        config(), "{\"mcpServers\":{},\"planaria\":{\"notifiers\":[" + receivers + "]}}");
    Files.setLastModifiedTime(config(), FileTime.fromMillis(now += 1_000));
  }

  private AlertBoard board() {
    return new AlertBoard(
        new StandingFile(directory.resolve("alerts.json"), new Patience(), log),
        Thresholds.DEFAULT,
        () -> now,
        log,
        List.of());
  }

  private Notifiers notifiers(AlertBoard board) {
    return new Notifiers(
        config(),
        Map.of("OPS", SECRET),
        board,
        this,
        new Notifiers.Surroundings(() -> now, Runnable::run),
        log);
  }

  private static Readings away() {
    return readings(
        List.of(new Readings.Away(Subject.server("1", "alpha", "db"), 0, "connection refused")));
  }

  private static Readings readings(List<Readings.Away> away) {
    return ReadingsBuilder.quiet().away(away).build();
  }

  private void clear(AlertBoard board) {
    board.take(readings(List.of()));
    now += 30_000;
    board.take(readings(List.of()));
  }

  private static String at(String body, String member) {
    return String.valueOf(Json.parseObject(body, JsonLimits.DEFAULT).get(member));
  }

  @BeforeEach
  void one_webhook() throws IOException {
    configure(WEBHOOK);
  }

  @Test
  void a_webhook_gets_each_change_once_signed_with_its_time() throws Exception {
    AlertBoard board = board();
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    board.take(away());
    notifiers.runOnce();
    notifiers.runOnce();
    assertThat(sent).hasSize(1);
    Sent first = sent.getFirst();
    assertThat(first.url()).isEqualTo(URI.create("http://receiver.example/hook"));
    assertThat(at(first.body(), "event")).contains("alert_fired");
    assertThat(first.body()).contains("CONNECTION_LOST", "connection refused", "what_to_do");
    assertThat(at(first.body(), "event_id")).contains(first.headers().get("Planaria-Event-Id"));
    String time = first.headers().get("Planaria-Timestamp");
    assertThat(time).isEqualTo(Long.toString(now / 1_000));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signature = mac.doFinal((time + "." + first.body()).getBytes(StandardCharsets.UTF_8));
    assertThat(first.headers().get("Planaria-Signature"))
        .isEqualTo("v1=" + HexFormat.of().formatHex(signature));
    clear(board);
    notifiers.runOnce();
    assertThat(sent).hasSize(2);
    assertThat(at(sent.getLast().body(), "event")).contains("alert_cleared");
  }

  @Test
  void what_happens_while_a_receiver_is_down_arrives_later_in_order_even_from_another_process() {
    AlertBoard first = board();
    Notifiers notifiers = notifiers(first);
    notifiers.runOnce();
    fate = Fate.IS_DOWN;
    first.take(away());
    for (int i = 0; i < 600; i++) {
      notifiers.runOnce();
      now += 1_000;
    }
    assertThat(tries).as("ever longer pauses").isBetween(15, 40);
    assertThat(log.warnings()).as("one complaint").hasSize(1);
    clear(first);
    fate = Fate.TAKES;
    AlertBoard second = board();
    notifiers(second).runOnce();
    assertThat(sent.stream().map(one -> at(one.body(), "event")))
        .hasSize(2)
        .satisfiesExactly(
            one -> assertThat(one).contains("fired"), two -> assertThat(two).contains("cleared"));
    assertThat(log.warnings().toString() + log.infos()).doesNotContain(SECRET, "receiver.example");
  }

  @Test
  void a_message_whose_taking_is_uncertain_comes_again_under_the_same_id() {
    AlertBoard board = board();
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    board.take(away());
    fate = Fate.DIES_AFTERWARDS;
    notifiers.runOnce();
    fate = Fate.REFUSES;
    now += 60_000;
    notifiers.runOnce();
    fate = Fate.TAKES;
    now += 60_000;
    notifiers.runOnce();
    assertThat(sent).hasSize(3);
    assertThat(sent.stream().map(one -> one.headers().get("Planaria-Event-Id")).distinct())
        .hasSize(1);
    assertThat(log.infos()).anyMatch(line -> line.contains("reached again"));
  }

  @Test
  void an_alertmanager_is_told_again_and_again_what_fires_and_for_a_while_what_ended()
      throws IOException {
    configure(MANAGER);
    AlertBoard board = board();
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    assertThat(sent).as("nothing fires").isEmpty();
    board.take(away());
    notifiers.hurry();
    notifiers.runOnce();
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().url()).isEqualTo(URI.create("http://manager.example/api/v2/alerts"));
    assertThat(sent.getFirst().body())
        .contains("\"alertname\":\"CONNECTION_LOST\"", "\"severity\":\"warning\"", "startsAt")
        .contains("\"endsAt\":\"" + Instant.ofEpochMilli(now + 300_000) + "\"");
    for (int i = 0; i < 300; i++) {
      now += 1_000;
      notifiers.runOnce();
    }
    assertThat(sent).hasSizeBetween(9, 12);
    clear(board);
    long cleared = now;
    notifiers.hurry();
    notifiers.runOnce();
    assertThat(sent.getLast().body())
        .contains("\"endsAt\":\"" + Instant.ofEpochMilli(cleared) + "\"");
    now += 900_000;
    int before = sent.size();
    notifiers.runOnce();
    assertThat(sent).as("the end was told for long enough").hasSize(before);
  }

  @Test
  void a_silenced_alert_is_told_to_nobody() throws IOException {
    configure(WEBHOOK + "," + MANAGER);
    AlertBoard board = board();
    board.take(away());
    board.silence(board.list().getFirst().id(), 3_600_000);
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    assertThat(sent).isEmpty();
  }

  @Test
  void a_secret_may_stand_in_a_file_that_nobody_else_can_read() throws IOException {
    Path secret = Files.writeString(directory.resolve("hook.secret"), SECRET + "\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    String receiver = WEBHOOK.replace("secret_env\":\"OPS", "secret_file\":\"hook.secret");
    configure(receiver);
    AlertBoard board = board();
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    assertThat(log.warnings()).singleElement().asString().contains("chmod go-rwx");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    configure(receiver);
    notifiers.runOnce();
    board.take(away());
    notifiers.runOnce();
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst().headers()).containsKey("Planaria-Signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"pigeon\",\"url\":\"http://x.example\"}",
        "{\"type\":\"webhook\"}",
        "{\"type\":\"webhook\",\"url\":\"ftp://x.example/s3cr3t\"}",
        "{\"type\":\"webhook\",\"url\":\"not a url s3cr3t\"}",
        "{\"type\":\"webhook\",\"url\":\"http://x.example\",\"secret_env\":\"ABSENT\"}",
        "{\"type\":\"webhook\",\"url\":\"http://x.example\",\"secret_file\":\"absent\"}",
        "{\"type\":\"webhook\",\"url\":\"http://x.example\",\"colour\":\"blue\"}",
        WEBHOOK + "," + WEBHOOK,
        "7"
      })
  void receivers_that_cannot_be_used_are_complained_about_once_and_those_of_before_stay(String bad)
      throws IOException {
    AlertBoard board = board();
    Notifiers notifiers = notifiers(board);
    notifiers.runOnce();
    configure(bad);
    notifiers.runOnce();
    notifiers.runOnce();
    assertThat(log.warnings()).hasSize(1);
    assertThat(log.warnings().getFirst()).contains("notifiers").doesNotContain("s3cr3t");
    board.take(away());
    notifiers.runOnce();
    assertThat(sent).hasSize(1);
  }
}
