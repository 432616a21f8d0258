package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.cli.EchoKills.Victim;
import dev.planaria.app.cli.EchoLedger.Wrong;
import dev.planaria.app.clients.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  /// The controls are not about chance.
  private static final long CONTROL_SEED = 7;

  @TempDir Path scratch;

  @Test
  void with_a_profile_every_kill_leaves_what_was_added_and_nothing_runs_twice() throws Exception {
    EchoRounds rounds = rounds(Seeds.next("server kills over HTTP"));
    overHttp(rounds, EchoRounds.REPLAYED, List.of(Victim.values()), KILLS);
    rounds.allIsWell();
    assertThat(rounds.unknown()).as("kills that left an outcome unknown").isPositive();
  }

  @Test
  void wrapped_without_a_profile_every_call_is_answered_once_and_nothing_runs_twice()
      throws Exception {
    EchoRounds rounds = rounds(Seeds.next("server kills over a shim"));
    overShim(rounds, List.of(Victim.values()), KILLS);
    rounds.allIsWell();
    assertThat(rounds.unknown()).as("kills that left an outcome unknown").isPositive();
  }

  @Test
  void without_replay_the_ledger_finds_the_counter_wrong() throws Exception {
    EchoRounds rounds = rounds(CONTROL_SEED);
    overHttp(rounds, EchoRounds.FORGETFUL, SERVERS, 2);
    assertThat(rounds.ledger().wrongs()).containsOnlyKeys(Wrong.WRONG_COUNTER);
  }

  @Test
  void what_is_wrongly_called_idempotent_is_found_to_run_twice() throws Exception {
    EchoRounds rounds = rounds(CONTROL_SEED);
    overHttp(
        rounds,
        "{\"profile\":{\"replay\":[\"add\"]},\"read_only\":[\"get\",\"echo\",\"pid\"],"
            + "\"idempotent\":[\"effect\"]}",
        List.of(Victim.SERVER),
        4);
    assertThat(rounds.ledger().wrongs()).containsOnlyKeys(Wrong.RAN_TWICE);
  }

  private EchoRounds rounds(long seed) {
    return new EchoRounds(scratch, new Random(seed));
  }

  private void overHttp(EchoRounds rounds, String planaria, List<Victim> victims, int count)
      throws Exception {
    Path config = rounds.file(planaria);
    Path data = scratch.resolve("data");
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        RealDaemon _ = RealDaemon.on(data, scratch, "--config", config.toString());
        EchoCalls client =
            new EchoOverHttp(daemon.await("a daemon", _ -> true), "/s/work/u/echo/mcp")) {
      rounds.strike(daemon, client, EchoLoad.Size.USUAL, EchoRounds.inTurns(victims, count), true);
    }
  }

  private void overShim(EchoRounds rounds, List<Victim> victims, int count) throws Exception {
    Path data = scratch.resolve("data");
    var words =
        new ArrayList<>(
            List.of("--data", data.toString(), "--session", "work", "--server", "echo", "--"));
    words.addAll(rounds.command().argv());
    try (WrappedDaemon daemon = new WrappedDaemon(data);
        WrapProcess wrap = WrapProcess.start(WrapMain.class.getName(), scratch, words)) {
      wrap.initialize("\"i\"");
      var client = new EchoOverShim(wrap);
      rounds.strike(daemon, client, EchoLoad.Size.USUAL, EchoRounds.inTurns(victims, count), false);
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.noMessages()).isEmpty();
      client.notAnsweredOnce().forEach(which -> rounds.ledger().wrong(Wrong.ANSWERED_TWICE, which));
    }
  }
}
