package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.Seeds;
import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.chaos.ledger.StoreCheck;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A client of both eras works through one shim while the daemon's processes are killed at random
/// moments: each call is answered once, and has happened once.
@DisabledOnOs(OS.WINDOWS)
class WrapKillTest {

  private static final int IN_FLIGHT = 8;

  private static final int KILLS = Integer.getInteger("planaria.kills", 9);

  private static final List<Target> VICTIMS = List.of(Target.WORKER, Target.FRONT, Target.DAEMON);

  private static final int TEXT_CHARACTERS = 100;

  @TempDir Path scratch;

  /// What is started as `planaria wrap`, and what is done to its daemon.
  private record Run(String main, List<String> first, long seed, List<Target> victims, int kills) {}

  /// What came of it.
  private record Found(List<Violation> violations, Map<Target, Integer> hits) {}

  @Test
  void every_call_is_answered_once_and_happens_once_however_the_daemon_dies() throws Exception {
    long seed = Seeds.next("kills under a shim");
    Found found = run(new Run(WrapMain.class.getName(), List.of(), seed, VICTIMS, KILLS));
    assertThat(found.violations()).isEmpty();
    for (Target victim : VICTIMS) {
      assertThat(found.hits().getOrDefault(victim, 0)).as("calls hit by " + victim).isPositive();
    }
  }

  @Test
  void without_sending_again_the_ledger_turns_red() throws Exception {
    Found found =
        run(
            new Run(
                WeakWrapMain.class.getName(),
                List.of("resendUnanswered"),
                7,
                List.of(Target.DAEMON),
                3));
    assertThat(found.violations())
        .anyMatch(one ->
            one.kind() == Violation.Kind.STUCK && one.sentence().contains("without a receipt"));
  }

  private Found run(Run run) throws Exception {
    Path data = scratch.resolve("data");
    var random = new Random(run.seed());
    var words = new ArrayList<>(run.first());
    words.addAll(List.of("--data", data.toString(), "--session", "ledger"));
    var hits = new EnumMap<Target, Integer>(Target.class);
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        WrapProcess wrap = WrapProcess.start(run.main(), scratch, words)) {
      wrap.initialize("\"i\"");
      var calls = new Calls(wrap);
      for (int kill = 0; kill < run.kills(); kill++) {
        int more = 20 + random.nextInt(40);
        for (int i = 0; i < more; i++) {
          calls.make();
          calls.awaitInFlight(IN_FLIGHT);
        }
        DaemonFile running = daemon.await("a daemon", _ -> true);
        Target victim = run.victims().get(kill % run.victims().size());
        int inFlight = calls.inFlight();
        WrappedDaemon.victims(running, victim).kill();
        hits.merge(victim, inFlight, Integer::sum);
        if (random.nextBoolean()) {
          // Some lines come while nobody is there.
          calls.make();
        }
        calls.awaitInFlight(0);
      }
      System.out.printf(
          "seed %d: %d calls, %d kills, calls in flight when killed %s%n",
          run.seed(), calls.sent, run.kills(), hits);
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.noMessages()).isEmpty();
      daemon.stop();
      return new Found(calls.judge(data), hits);
    }
  }

  /// The calls of a run, and the ledger of them.
  private static final class Calls {
    private final WrapProcess wrap;
    private final SessionId session;
    private final Ledger ledger = new Ledger(System::nanoTime);
    private final List<Violation> violations = new ArrayList<>();
    private int sent;
    private int heard;

    Calls(WrapProcess wrap) throws IOException, InterruptedException {
      this.wrap = wrap;
      wrap.say(call("\"s\"", "session_open", "{\"name\":\"ledger\"}", ""));
      session = SessionId.parse(text(wrap.answer("\"s\""), "session_id"));
      heard = wrap.lines().size();
    }

    /// Even ones are legacy, odd ones modern.
    void make() throws IOException {
      String meta =
          sent % 2 == 0
              ? ""
              : ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                  + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
      String name = "call-" + sent;
      var mark = new Mark.TaskDescribed(name);
      listen();
      ledger.sent(new Ask(name, 0, session, "task_create", JsonObject.EMPTY, mark, true));
      wrap.say(call("" + sent, "task_create", "{\"description\":\"" + name + "\"}", meta));
      sent++;
    }

    private static String call(String id, String tool, String arguments, String meta) {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
          + tool
          + "\",\"arguments\":"
          + arguments
          + meta
          + "}}";
    }

    /// Waits until so many calls at most have no answer.
    void awaitInFlight(int most) throws InterruptedException {
      // The answers to initialize and to the first question are two too.
      wrap.awaitAnswers(sent + 2 - most);
    }

    int inFlight() {
      return sent + 2 - wrap.answers();
    }

    /// Writes down what came meanwhile.
    private void listen() {
      List<JsonObject> lines = wrap.lines();
      lines.subList(heard, lines.size()).forEach(this::heard);
      heard = lines.size();
    }

    private void heard(JsonObject line) {
      if (!line.has("result") && !line.has("error")) {
        return;
      }
      String name = "call-" + Json.write(Objects.requireNonNull(line.get("id")));
      if (!(ledger.line(name).outcome() instanceof Outcome.Open)) {
        violations.add(new Violation(Violation.Kind.DUPLICATED, name + " was answered again"));
      } else if (Json.write(line).contains("\"receipt\"")) {
        ledger.acknowledged(name, receipt(line));
      } else {
        ledger.ended(name, new Outcome.Stuck("answered without a receipt: " + Json.write(line)));
      }
    }

    private static Receipt receipt(JsonObject line) {
      Fields receipt = Objects.requireNonNull(content(line).optionalFields("receipt"));
      return new Receipt(
          SessionId.parse(receipt.requiredText("session_id", TEXT_CHARACTERS)),
          receipt.requiredLong("seq", 1, Long.MAX_VALUE),
          Hash.parse(receipt.requiredText("hash", TEXT_CHARACTERS)));
    }

    private static String text(JsonObject line, String name) {
      return content(line).requiredText(name, TEXT_CHARACTERS);
    }

    private static Fields content(JsonObject line) {
      Fields result = Objects.requireNonNull(Fields.of(line).optionalFields("result"));
      return Objects.requireNonNull(result.optionalFields("structuredContent"));
    }

    /// Holds everything against the store that the daemon has left.
    List<Violation> judge(Path data) {
      listen();
      List<Line> lines = ledger.lines();
      try (Inspection store = Inspection.open(data)) {
        violations.addAll(StoreCheck.run(store, lines, System::nanoTime));
      }
      return violations;
    }
  }
}
