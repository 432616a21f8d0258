package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Transport;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole lives of connections, in which anything happens.
class ConnectionLivesTest {

  private static final long MINUTE = 60_000;

  @Test
  @Timeout(300)
  void whatever_happens_moves_are_legal_attempts_are_rare_and_nothing_stands_still() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    var moves = new TreeMap<String, Integer>();
    var seen = new EnumMap<ConnectionStatus, Integer>(ConnectionStatus.class);
    for (int life = 0; life < 200; life++) {
      live(random, moves, seen, seed);
    }
    System.out.println("connections: seed " + seed + ", moves " + moves);
    assertThat(seen).hasSize(ConnectionStatus.values().length);
    assertThat(moves).hasSizeGreaterThan(12);
  }

  private static void live(
      Random random, Map<String, Integer> moves, Map<ConnectionStatus, Integer> seen, long seed) {
    var live = new Wire(random.nextBoolean() ? Transport.STDIO : Transport.STREAMABLE_HTTP);
    live.random = random::nextDouble;
    for (int i = 0; i < 300; i++) {
      ConnectionStatus before = live.machine.status();
      int from = live.taken.size();
      upset(live, random);
      live.run(random.nextInt(random.nextInt(4) == 0 ? 120_000 : 3_000));
      for (int at = from; at < live.taken.size(); at++) {
        ConnectionStatus after = live.taken.get(at);
        assertThat(ConnectionMachine.next(before)).as("seed %d", seed).contains(after);
        moves.merge(before + ">" + after, 1, Integer::sum);
        seen.merge(after, 1, Integer::sum);
        before = after;
      }
    }
    for (int i = 1; i < live.attempts.size(); i++) {
      assertThat(live.attempts.get(i) - live.attempts.get(i - 1))
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(1_000);
    }
    live.up = true;
    live.answersPings = true;
    if (live.machine.status() == ConnectionStatus.SYNC) {
      live.on(new ConnectionEvent.Broken("the test ends it"));
    }
    live.holdSync = false;
    live.run(5 * MINUTE);
    assertThat(live.machine.status()).as("seed %d", seed).isEqualTo(ConnectionStatus.CONNECTED);
  }

  private static void upset(Wire live, Random random) {
    switch (random.nextInt(9)) {
      case 0 -> live.up = random.nextInt(3) == 0;
      case 1 -> live.up = true;
      case 2 -> live.process++;
      case 3 -> live.on(new ConnectionEvent.Broken("by chance"));
      case 4 -> live.on(new ConnectionEvent.CallWaiting());
      case 5 -> live.answersPings = random.nextBoolean();
      case 6 -> live.holdSync = random.nextInt(4) == 0;
      case 7 -> live.busy = random.nextBoolean();
      default -> {
        if (random.nextInt(4) == 0) {
          live.on(new ConnectionEvent.ReconnectAsked());
        }
      }
    }
  }
}
