package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.cli.EchoKills.Victim;
import dev.planaria.app.cli.EchoLedger.Wrong;
import dev.planaria.app.cli.EchoLoad.Struck;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A server with a memory behind Planaria, while it, the worker, or both are killed at random
/// moments under load. The ledger is the test's own: each call is answered once and in time, what
/// was added is there, and no effect happens twice.
@DisabledOnOs(OS.WINDOWS)
class WrapUpstreamKillTest {
  private static final int KILLS = Integer.getInteger("planaria.kills", 20);
  private static final List<Victim> SERVERS = List.of(Victim.SERVER, Victim.SERVER_TWICE);
  private static final String PROFILE =
      "{\"profile\":{\"replay\":[\"add\"]},\"read_only\":[\"get\",\"echo\",\"pid\"]}";

  @TempDir Path scratch;

  private Path effects;
  private Path data;
  private EchoLedger ledger;
  private Random random;
  private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
  private final Map<Victim, Integer> inFlight = new EnumMap<>(Victim.class);
  private final Map<Victim, Integer> unknown = new EnumMap<>(Victim.class);
  private final Map<Victim, List<Long>> firstGood = new EnumMap<>(Victim.class);

  @BeforeEach
  void begin() {
    effects = scratch.resolve("effects.txt");
    data = scratch.resolve("data");
    ledger = new EchoLedger(effects);
    random = new Random(7);
  }

  @Test
  void with_a_profile_every_kill_leaves_what_was_added_and_nothing_runs_twice() throws Exception {
    seed();
    overHttp(PROFILE, List.of(Victim.values()), KILLS);
    allIsWell(List.of(Victim.values()));
  }

  @Test
  void wrapped_without_a_profile_every_call_is_answered_once_and_nothing_runs_twice()
      throws Exception {
    seed();
    overShim(List.of(Victim.values()), KILLS);
    allIsWell(List.of(Victim.values()));
  }

  @Test
  void without_replay_the_ledger_finds_the_counter_wrong() throws Exception {
    overHttp("{\"read_only\":[\"get\",\"echo\",\"pid\"]}", SERVERS, 2);
    assertThat(ledger.wrongs()).containsOnlyKeys(Wrong.WRONG_COUNTER);
  }

  @Test
  void what_is_wrongly_called_idempotent_is_found_to_run_twice() throws Exception {
    overHttp(
        "{\"profile\":{\"replay\":[\"add\"]},\"read_only\":[\"get\",\"echo\",\"pid\"],"
            + "\"idempotent\":[\"effect\"]}",
        List.of(Victim.SERVER),
        4);
    assertThat(ledger.wrongs()).containsOnlyKeys(Wrong.RAN_TWICE);
  }

  private void seed() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    System.out.println("seed " + seed);
    random = new Random(seed);
  }

  private void overHttp(String planaria, List<Victim> victims, int count) throws Exception {
    StdioCommand command = command();
    JsonObject server =
        JsonObject.builder()
            .put("command", command.argv().getFirst())
            .put("args", JsonArray.ofStrings(command.argv().subList(1, command.argv().size())))
            .put("planaria", Json.parseObject(planaria, JsonLimits.OWN))
            .build();
    JsonObject servers = JsonObject.builder().put("echo", server).build();
    Path config = scratch.resolve("servers.json");
    Files.writeString(config, Json.write(JsonObject.builder().put("mcpServers", servers).build()));
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        RealDaemon _ = RealDaemon.on(data, scratch, "--config", config.toString());
        EchoCalls client =
            new EchoOverHttp(daemon.await("a daemon", _ -> true), "/s/work/u/echo/mcp")) {
      strike(daemon, client, victims, count, true);
    }
  }

  private void overShim(List<Victim> victims, int count) throws Exception {
    var words =
        new ArrayList<>(
            List.of("--data", data.toString(), "--session", "work", "--server", "echo", "--"));
    words.addAll(command().argv());
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        WrapProcess wrap = WrapProcess.start(WrapMain.class.getName(), scratch, words)) {
      wrap.initialize("\"i\"");
      var client = new EchoOverShim(wrap);
      strike(daemon, client, victims, count, false);
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.noMessages()).isEmpty();
      client.notAnsweredOnce().forEach(which -> ledger.wrong(Wrong.ANSWERED_TWICE, which));
    }
  }

  private StdioCommand command() {
    return EchoServer.command("--stdio", "--effects", effects.toString());
  }

  private void strike(
      WrappedDaemon daemon, EchoCalls client, List<Victim> victims, int count, boolean replayed)
      throws Exception {
    var killer = new EchoKills(daemon, effects.toString());
    for (int i = 0; i < count; i++) {
      Victim victim = victims.get(i % victims.size());
      Struck struck =
          EchoLoad.plan("op" + i, random).run(ledger, client, () -> killer.kill(victim, random));
      note(victim, struck);
      ledger.settle(client, struck.calls());
      if (replayed) {
        ledger.compareReads(struck.calls());
        ledger.compareCounter(client, "counter" + i);
      } else if (struck.calls().stream().noneMatch(EchoLedger.Made::tellsOfLoss)) {
        ledger.wrong(Wrong.LOSS_NOT_TOLD, "kill " + i + " of " + victim);
      }
    }
    ledger.compareEffects();
    report(count);
    int running = killer.running();
    assertThat(running).as("a look for servers finds the one that runs").isNotZero();
    daemon.stop();
    killer.orphans().forEach(pid -> ledger.wrong(Wrong.ORPHAN, pid));
  }

  private void note(Victim victim, Struck struck) {
    kills.merge(victim, 1, Integer::sum);
    inFlight.merge(victim, struck.inFlight() > 0 ? 1 : 0, Integer::sum);
    boolean told =
        struck.calls().stream().anyMatch(call -> call.outcome() == EchoLedger.Outcome.UNKNOWN);
    unknown.merge(victim, told ? 1 : 0, Integer::sum);
    if (struck.firstGoodMillis() >= 0) {
      firstGood.computeIfAbsent(victim, _ -> new ArrayList<>()).add(struck.firstGoodMillis());
    }
  }

  private void report(int count) throws IOException {
    System.out.printf(
        "%d kills %s, of these with calls in flight %s, with unknown outcomes %s%n",
        count, kills, inFlight, unknown);
    System.out.printf("told first %s, settled %s%n", ledger.outcomes(), ledger.settled());
    firstGood.forEach((victim, millis) -> {
      List<Long> sorted = millis.stream().sorted().toList();
      System.out.printf(
          "first good call after a kill of %s: median %d ms, worst %d ms%n",
          victim, sorted.get(sorted.size() / 2), sorted.getLast());
    });
    ledger.wrongs().forEach((what, which) -> System.out.println(what + " " + which));
  }

  private void allIsWell(List<Victim> victims) {
    assertThat(ledger.wrongs()).isEmpty();
    for (Victim victim : victims) {
      assertThat(inFlight.getOrDefault(victim, 0)).as("calls hit by " + victim).isPositive();
      assertThat(firstGood).as("calls made after a kill").containsKey(victim);
    }
    assertThat(unknown.values().stream().mapToInt(Integer::intValue).sum())
        .as("kills that left an outcome unknown")
        .isPositive();
  }
}
