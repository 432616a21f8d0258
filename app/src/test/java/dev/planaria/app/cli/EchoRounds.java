package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.cli.EchoKills.Victim;
import dev.planaria.app.cli.EchoLedger.Outcome;
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

/// A server with a memory behind Planaria under load, killed again and again, and what a ledger of
/// the test's own finds wrong. Used by one thread.
final class EchoRounds {
  /// What stands in the operator's file of a server whose counter is replayed.
  static final String REPLAYED =
      "{\"profile\":{\"replay\":[\"add\"]},\"read_only\":[\"get\",\"echo\",\"pid\"]}";

  /// The same without a profile.
  static final String FORGETFUL = "{\"read_only\":[\"get\",\"echo\",\"pid\"]}";

  private final Path scratch;
  private final Path effects;
  private final EchoLedger ledger;
  private final Random random;
  private final Map<Victim, Integer> kills = new EnumMap<>(Victim.class);
  private final Map<Victim, Integer> inFlight = new EnumMap<>(Victim.class);
  private final Map<Victim, Integer> unknown = new EnumMap<>(Victim.class);
  private final Map<Victim, List<Long>> firstGood = new EnumMap<>(Victim.class);

  /// @param scratch a directory of the test's own
  /// @param random decides calls, moments and orders
  EchoRounds(Path scratch, Random random) {
    this.scratch = scratch;
    this.random = random;
    effects = scratch.resolve("effects.txt");
    ledger = new EchoLedger(effects);
  }

  /// The command of the server.
  StdioCommand command() {
    return EchoServer.command("--stdio", "--effects", effects.toString());
  }

  /// Writes an operator's file with the server as `echo`.
  ///
  /// @param planaria its `planaria` member, as JSON
  Path file(String planaria) throws IOException {
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
    return config;
  }

  /// Kills under load, in turns, and compares; then stops the daemon and looks for orphans.
  ///
  /// @param replayed whether the server is built up again, or its loss told
  void strike(
      WrappedDaemon daemon,
      EchoCalls client,
      EchoLoad.Size size,
      List<Victim> victims,
      boolean replayed)
      throws Exception {
    var killer = new EchoKills(daemon, effects.toString());
    for (int i = 0; i < victims.size(); i++) {
      Victim victim = victims.get(i);
      Struck struck =
          EchoLoad.plan("op" + i, size, random)
              .run(ledger, client, () -> killer.kill(victim, random));
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
    report(victims.size());
    int running = killer.running();
    assertThat(running).as("a look for servers finds the one that runs").isNotZero();
    daemon.stop();
    killer.orphans().forEach(pid -> ledger.wrong(Wrong.ORPHAN, pid));
  }

  /// The same victims in turns until there are so many.
  static List<Victim> inTurns(List<Victim> victims, int count) {
    var all = new ArrayList<Victim>();
    for (int i = 0; i < count; i++) {
      all.add(victims.get(i % victims.size()));
    }
    return all;
  }

  private void note(Victim victim, Struck struck) {
    kills.merge(victim, 1, Integer::sum);
    inFlight.merge(victim, struck.inFlight() > 0 ? 1 : 0, Integer::sum);
    boolean told = struck.calls().stream().anyMatch(call -> call.outcome() == Outcome.UNKNOWN);
    unknown.merge(victim, told ? 1 : 0, Integer::sum);
    if (struck.firstGoodMillis() >= 0) {
      firstGood.computeIfAbsent(victim, _ -> new ArrayList<>()).add(struck.firstGoodMillis());
    }
  }

  private void report(int count) {
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

  /// What the ledger found.
  EchoLedger ledger() {
    return ledger;
  }

  /// Nothing is wrong, and every victim was hit with calls under way.
  void allIsWell() {
    assertThat(ledger.wrongs()).isEmpty();
    assertThat(kills).isNotEmpty();
    for (Victim victim : kills.keySet()) {
      assertThat(inFlight.getOrDefault(victim, 0)).as("calls hit by " + victim).isPositive();
      assertThat(firstGood).as("calls made after a kill").containsKey(victim);
    }
  }

  /// How many kills left an outcome unknown.
  int unknown() {
    return unknown.values().stream().mapToInt(Integer::intValue).sum();
  }
}
