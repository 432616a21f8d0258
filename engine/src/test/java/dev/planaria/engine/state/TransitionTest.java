package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Applying operations: always possible, and always with the same outcome.
final class TransitionTest {

  @Test
  void operations_whose_predecessors_are_lost_can_still_be_applied_and_keep_the_indexes_right() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    System.out.println("lost operations: seed " + seed);
    var random = new Random(seed);
    int skipped = 0;
    for (int run = 0; run < 100; run++) {
      var survivor = new TestSession();
      for (var operation : journal(random)) {
        if (random.nextInt(5) == 0) {
          skipped++;
          continue;
        }
        survivor.apply(operation);
        var state = survivor.state();
        assertThat(state.indexes())
            .as("seed %d", seed)
            .isEqualTo(
                Indexes.of(
                    state.agents(),
                    state.tasks(),
                    state.connections(),
                    state.calls(),
                    state.memory()));
      }
      assertThat(StateCodec.decode(StateCodec.encode(survivor.state())))
          .isEqualTo(survivor.state());
    }
    System.out.println("lost operations: " + skipped + " were left out");
    assertThat(skipped).isPositive();
  }

  @Test
  void the_same_operations_give_the_same_state_twice() {
    var operations = journal(new Random(7));
    var one = new TestSession();
    var other = new TestSession();
    operations.forEach(one::apply);
    operations.forEach(other::apply);
    assertThat(one.state()).isEqualTo(other.state()).hasSameHashCodeAs(other.state());
  }

  @Test
  void an_old_state_is_not_touched_by_what_comes_after() {
    var session = new TestSession();
    session.spawn();
    session.create();
    var before = session.state();
    byte[] written = StateCodec.encode(before);
    session.claim("agent-2");
    session.complete("task-3");
    session.submit(new Command.CloseSession(null));
    assertThat(StateCodec.encode(before)).isEqualTo(written);
    assertThat(before.counts().tasks().count(TaskStatus.PENDING)).isEqualTo(1);
  }

  @Test
  void a_second_opening_changes_nothing_but_the_time() {
    var session = new TestSession();
    session.spawn();
    var before = session.state();
    session.apply(
        new Operation.SessionOpened(
            TestSession.SESSION, "other", null, SwarmConfiguration.DEFAULT));
    assertThat(session.state()).isEqualTo(before);
  }

  private static List<Operation> journal(Random random) {
    var session = new TestSession();
    var commands = new RandomCommands(random);
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 100; i++) {
      session.tick(random.nextInt(8_000));
      try {
        operations.add(session.submit(commands.next(session.state(), session.now())));
      } catch (Refusal refused) {
        // A refused command leaves no operation.
      }
    }
    return operations;
  }
}
