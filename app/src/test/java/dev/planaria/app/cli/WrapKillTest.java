package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A client of both eras works through one shim while the daemon's processes are killed at random
/// moments. The ledger is the test's own: each call is answered once, and has happened once.
@DisabledOnOs(OS.WINDOWS)
class WrapKillTest {

  private static final int IN_FLIGHT = 8;

  private static final int KILLS = Integer.getInteger("planaria.kills", 9);

  private enum Victim {
    WORKER,
    FRONT,
    BOTH
  }

  /// What the test found out.
  private record Found(
      List<String> unanswered,
      List<String> answeredTwice,
      List<String> failed,
      List<String> missing,
      List<String> doubled,
      Map<Victim, Integer> hits) {

    boolean isGood() {
      return unanswered.isEmpty()
          && answeredTwice.isEmpty()
          && failed.isEmpty()
          && missing.isEmpty()
          && doubled.isEmpty();
    }
  }

  @TempDir Path scratch;

  @Test
  void every_call_is_answered_once_and_happens_once_however_the_daemon_dies() throws Exception {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    Found found =
        run(
            WrapMain.class.getName(),
            List.of(),
            new Random(seed),
            seed,
            List.of(Victim.values()),
            KILLS);
    assertThat(found.isGood()).as(found.toString()).isTrue();
    for (Victim victim : Victim.values()) {
      assertThat(found.hits().getOrDefault(victim, 0)).as("calls hit by " + victim).isPositive();
    }
  }

  @Test
  void without_sending_again_the_ledger_turns_red() throws Exception {
    Found found =
        run(
            WeakWrapMain.class.getName(),
            List.of("resendUnanswered"),
            new Random(7),
            7,
            List.of(Victim.BOTH),
            3);
    assertThat(found.failed()).isNotEmpty();
  }

  private Found run(
      String main, List<String> first, Random random, long seed, List<Victim> victims, int kills)
      throws Exception {
    Path data = scratch.resolve("data");
    var words = new ArrayList<>(first);
    words.addAll(List.of("--data", data.toString(), "--session", "ledger"));
    var hits = new EnumMap<Victim, Integer>(Victim.class);
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        WrapProcess wrap = WrapProcess.start(main, scratch, words)) {
      wrap.initialize("\"i\"");
      int sent = 0;
      for (int kill = 0; kill < kills; kill++) {
        int until = sent + 20 + random.nextInt(40);
        for (; sent < until; sent++) {
          wrap.say(create(sent));
          // The answer to initialize is one too.
          wrap.awaitAnswers(sent + 2 - IN_FLIGHT);
        }
        DaemonFile running = daemon.await("a daemon", _ -> true);
        Victim victim = victims.get(kill % victims.size());
        int answered = wrap.answers() - 1;
        // The front goes first: it would start another worker at once.
        if (victim != Victim.WORKER) {
          WrappedDaemon.kill(running.front());
        }
        if (victim != Victim.FRONT) {
          WrappedDaemon.kill(running.worker());
        }
        hits.merge(victim, sent - answered, Integer::sum);
        if (random.nextBoolean()) {
          // Some lines come while nobody is there.
          wrap.say(create(sent++));
        }
        wrap.awaitAnswers(sent + 1);
      }
      System.out.printf(
          "seed %d: %d calls, %d kills, calls in flight when killed %s%n", seed, sent, kills, hits);
      Found found = compare(wrap, sent, hits);
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.noMessages()).isEmpty();
      daemon.stop();
      return found;
    }
  }

  /// Even ones are legacy, odd ones modern.
  private static String create(int number) {
    String meta =
        number % 2 == 0
            ? ""
            : ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + number
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\"task_create\",\"arguments\":"
        + "{\"description\":\"call-"
        + number
        + "\"}"
        + meta
        + "}}";
  }

  private static Found compare(WrapProcess wrap, int sent, Map<Victim, Integer> hits)
      throws IOException, InterruptedException {
    var answers = new HashMap<String, List<JsonObject>>();
    for (JsonObject line : wrap.lines()) {
      JsonValue id = line.get("id");
      if (id != null) {
        answers.computeIfAbsent(Json.write(id), _ -> new ArrayList<>()).add(line);
      }
    }
    Map<String, Long> happened = tasks(wrap);
    var found =
        new Found(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            hits);
    for (int i = 0; i < sent; i++) {
      List<JsonObject> got = answers.getOrDefault("" + i, List.of());
      long times = happened.getOrDefault("call-" + i, 0L);
      boolean good = got.stream().anyMatch(answer -> Json.write(answer).contains("receipt"));
      add(found.unanswered(), got.isEmpty(), i);
      add(found.answeredTwice(), got.size() > 1, i);
      if (!got.isEmpty() && !good) {
        found.failed().add(Json.write(got.getFirst()));
      }
      add(found.missing(), good && times == 0, i);
      add(found.doubled(), times > 1, i);
    }
    return found;
  }

  private static void add(List<String> list, boolean is, int number) {
    if (is) {
      list.add("call-" + number);
    }
  }

  /// Every task of the session, with how often it is there.
  private static Map<String, Long> tasks(WrapProcess wrap)
      throws IOException, InterruptedException {
    var descriptions = new ArrayList<String>();
    String cursor = "";
    for (int page = 0; page == 0 || !cursor.isEmpty(); page++) {
      String id = "\"page-" + page + "\"";
      wrap.say(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"method\":\"tools/call\",\"params\":{\"name\":\"task_list\",\"arguments\":{"
              + "\"limit\":100"
              + (cursor.isEmpty() ? "" : ",\"cursor\":" + cursor)
              + "}}}");
      JsonObject result = (JsonObject) required(wrap.answer(id).get("result"));
      JsonObject content = (JsonObject) required(result.get("structuredContent"));
      for (JsonValue task : ((JsonArray) required(content.get("tasks"))).items()) {
        if (((JsonObject) task).get("description") instanceof JsonString(String text)) {
          descriptions.add(text);
        }
      }
      JsonValue next = content.get("next_cursor");
      cursor = next instanceof JsonString ? Json.write(next) : "";
    }
    return descriptions.stream()
        .collect(Collectors.groupingBy(text -> text, Collectors.counting()));
  }

  private static JsonValue required(@org.jspecify.annotations.Nullable JsonValue value) {
    if (value == null) {
      throw new AssertionError("a part of the answer is missing");
    }
    return value;
  }
}
