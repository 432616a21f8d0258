package dev.planaria.app.gateway.connections;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.state.ConnectionStatus;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The connection's state machine through hours of breaks, hangs and deaths, from seeds.
final class ConnectionSimulationTest {

  private static final int SEEDS = Integer.getInteger("planaria.simulations", 300);
  private static final long FIRST = Long.getLong("planaria.simulation.seed", 1);
  private static final int PLANTED_SEEDS = 50;
  private static final long MINUTES = 120;

  @Test
  void calls_run_once_in_order_on_a_server_that_knows_its_state_and_attempts_never_stop() {
    long began = System.nanoTime();
    Map<ConnectionWorld.Fault, Integer> hits = new EnumMap<>(ConnectionWorld.Fault.class);
    Map<ConnectionStatus, Integer> taken = new EnumMap<>(ConnectionStatus.class);
    long virtualMillis = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      var world = new ConnectionWorld(seed, ConnectionWorld.Promises.ALL);
      var _ = world.live(MINUTES);
      if (!world.violations.isEmpty()) {
        world
            .log()
            .lines()
            .skip(Math.max(0, world.log().lines().count() - 60))
            .forEach(System.out::println);
      }
      assertThat(world.violations).as("seed %d (-Dplanaria.simulation.seed)", seed).isEmpty();
      world.hits.forEach((fault, times) -> hits.merge(fault, times, Integer::sum));
      world.taken.forEach((status, times) -> taken.merge(status, times, Integer::sum));
      virtualMillis += world.virtualMillis();
    }
    System.out.printf(
        Locale.ROOT,
        "connections: seeds %d to %d, %d virtual hours in %.1f s, %s, %s%n",
        FIRST,
        FIRST + SEEDS - 1,
        virtualMillis / 3_600_000,
        (System.nanoTime() - began) / 1e9,
        hits,
        taken);
    assertThat(hits).containsOnlyKeys(ConnectionWorld.Fault.values());
    assertThat(taken).containsOnlyKeys(ConnectionStatus.values());
  }

  @Test
  void the_same_seed_is_the_same_world_byte_for_byte() {
    for (long seed = FIRST; seed < FIRST + 20; seed++) {
      var one = new ConnectionWorld(seed, ConnectionWorld.Promises.ALL);
      var other = new ConnectionWorld(seed, ConnectionWorld.Promises.ALL);
      String fingerprint = one.live(MINUTES);
      assertThat(other.live(MINUTES)).isEqualTo(fingerprint);
      assertThat(other.log()).isEqualTo(one.log());
    }
  }

  @Test
  void every_planted_bug_is_found() {
    Map<String, ConnectionWorld.Promises> bugs = new LinkedHashMap<>();
    bugs.put("forgets to rebuild", new ConnectionWorld.Promises(false, true, true, true, true));
    bugs.put("drains backwards", new ConnectionWorld.Promises(true, false, true, true, true));
    bugs.put("sends too early", new ConnectionWorld.Promises(true, true, false, true, true));
    bugs.put("believes old attempts", new ConnectionWorld.Promises(true, true, true, false, true));
    bugs.put("drops what waits", new ConnectionWorld.Promises(true, true, true, true, false));
    bugs.forEach((name, promises) -> {
      int seeds = 1;
      var world = new ConnectionWorld(seeds, promises);
      var _ = world.live(MINUTES);
      while (world.violations.isEmpty() && seeds < PLANTED_SEEDS) {
        world = new ConnectionWorld(++seeds, promises);
        var _ = world.live(MINUTES);
      }
      assertThat(world.violations).as(name).isNotEmpty();
      System.out.printf(
          Locale.ROOT,
          "planted in connections: %-22s found in world %d: %s%n",
          name,
          seeds,
          world.violations.getFirst());
    });
  }
}
