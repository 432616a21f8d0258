package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What lies between two states, found, written, read and applied.
final class StateDeltaTest {

  private final Map<String, Integer> hits = new TreeMap<>();

  @Test
  void a_chain_of_deltas_leads_from_any_state_to_any_later_one() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    System.out.println("deltas: seed " + seed);
    for (int i = 0; i < 40; i++) {
      live(random, seed);
    }
    System.out.println("deltas: " + hits);
    assertThat(hits.keySet())
        .contains(
            "agents",
            "tasks",
            "connections",
            "calls",
            "memory",
            "connections removed",
            "calls removed",
            "memory removed");
  }

  private void live(Random random, long seed) {
    var session = new TestSession();
    var commands = new RandomCommands(random);
    SessionState base = session.state();
    SessionState last = base;
    var deltas = new ArrayList<StateDelta>();
    for (int i = 0; i < 300; i++) {
      session.tick(random.nextInt(8_000));
      try {
        var _ = session.submit(commands.next(session.state(), session.now()));
      } catch (Refusal refused) {
        hit("refused", 1);
      }
      if (random.nextInt(20) == 0) {
        StateDelta delta = StateDelta.between(last, session.state());
        StateDelta read = StateDeltaCodec.decode(StateDeltaCodec.encode(delta));
        assertThat(read).as("seed %d", seed).isEqualTo(delta);
        count(delta);
        deltas.add(read);
        last = session.state();
        assertThat(StateDelta.compose(base, deltas)).as("seed %d", seed).isEqualTo(last);
      }
    }
  }

  private void count(StateDelta delta) {
    hit("agents", delta.agents().upserts().size());
    hit("tasks", delta.tasks().upserts().size());
    hit("connections", delta.connections().upserts().size());
    hit("calls", delta.calls().upserts().size());
    hit("calls removed", delta.calls().removals().size());
    hit("memory", delta.memory().upserts().size());
    hit("connections removed", delta.connections().removals().size());
    hit("memory removed", delta.memory().removals().size());
  }

  private void hit(String what, int times) {
    if (times > 0) {
      hits.merge(what, times, Integer::sum);
    }
  }

  @Test
  void nothing_lies_between_a_state_and_itself() {
    var session = new TestSession();
    session.spawn();
    StateDelta delta = StateDelta.between(session.state(), session.state());
    assertThat(delta.size()).isZero();
    assertThat(StateDelta.compose(session.state(), List.of(delta))).isEqualTo(session.state());
  }

  @Test
  void only_what_changed_is_named() {
    var session = new TestSession();
    String quiet = session.spawn();
    session.create();
    SessionState before = session.state();
    String fresh = session.spawn();
    StateDelta delta = StateDelta.between(before, session.state());
    assertThat(delta.agents().upserts()).extracting(Agent::id).containsExactly(fresh);
    assertThat(fresh).isNotEqualTo(quiet);
    assertThat(delta.size()).isEqualTo(1);
  }
}
