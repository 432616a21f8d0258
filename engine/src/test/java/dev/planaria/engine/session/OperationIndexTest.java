package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.OperationList;
import dev.planaria.engine.checkpoint.RememberedOperation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The compact index beside a map that does the same.
class OperationIndexTest {

  private static final long KEEP_MILLIS = 400;
  private static final int KEEP_AT_MOST = 300;

  private static RememberedOperation operation(long seq, long timeMillis) {
    return new RememberedOperation(OperationKey.of("t", "op-" + seq), 31 * seq, seq, timeMillis);
  }

  @Test
  void random_operations_are_found_forgotten_and_taken_back_as_in_a_map() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var index = new OperationIndex(KEEP_MILLIS, KEEP_AT_MOST);
    var model = new LinkedHashMap<OperationKey, RememberedOperation>();
    var everything = new ArrayList<RememberedOperation>();
    var handedOut = new ArrayList<List<RememberedOperation>>();
    var copies = new ArrayList<List<RememberedOperation>>();
    long now = 0;
    long seq = 0;
    long durable = 0;
    int forgotten = 0;
    int takenBack = 0;
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(3);
      switch (random.nextInt(50)) {
        case 0 -> {
          index.takeBackAfter(durable);
          long last = durable;
          takenBack += (int) model.values().stream().filter(o -> o.seq() > last).count();
          model.values().removeIf(o -> o.seq() > last);
          seq = durable;
        }
        case 1 -> {
          // A long pause: nearly everything is too old afterwards.
          now += random.nextInt(500);
        }
        case 2 -> {
          durable += seq == durable ? 0 : random.nextLong(seq - durable) + 1;
          List<RememberedOperation> found = index.upTo(durable);
          handedOut.add(found);
          copies.add(List.copyOf(found));
        }
        default -> {
          index.forgetOld(now);
          int before = model.size();
          long present = now;
          while (model.size() > KEEP_AT_MOST
              || model.values().stream()
                  .limit(1)
                  .anyMatch(o -> present - o.timeMillis() > KEEP_MILLIS)) {
            model.pollFirstEntry();
          }
          forgotten += before - model.size();
          RememberedOperation next = operation(++seq, now);
          index.add(next);
          model.put(next.key(), next);
          everything.add(next);
        }
      }
      assertThat(index.size()).isEqualTo(model.size());
      RememberedOperation any = everything.isEmpty() ? operation(1, 1) : pick(everything, random);
      assertThat(index.find(any.key())).isEqualTo(model.get(any.key()));
      RememberedOperation recent = operation(Math.max(1, seq - random.nextInt(400)), now);
      assertThat(index.find(recent.key())).isEqualTo(model.get(recent.key()));
    }
    assertThat(index.upTo(Long.MAX_VALUE)).isEqualTo(List.copyOf(model.values()));
    assertThat(handedOut).as("what was handed out has not changed").isEqualTo(copies);
    System.out.println(
        forgotten
            + " forgotten, "
            + takenBack
            + " taken back, "
            + handedOut.size()
            + " handed out");
    assertThat(List.of(forgotten, takenBack, handedOut.size())).allMatch(hits -> hits > 100);
  }

  private static RememberedOperation pick(List<RememberedOperation> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  @Test
  void what_was_forgotten_is_told_by_its_time() {
    var index = new OperationIndex(KEEP_MILLIS, 2);
    for (int seq = 1; seq <= 3; seq++) {
      index.add(operation(seq, 10L * seq));
    }
    index.forgetOld(40);
    assertThat(index.forgottenBeforeMillis()).isEqualTo(11);
    assertThat(index.find(operation(1, 0).key())).isNull();
    index.forgetOld(20 + KEEP_MILLIS + 1);
    assertThat(index.forgottenBeforeMillis()).isEqualTo(21);
    assertThat(index.size()).isEqualTo(1);
  }

  @Test
  void what_was_restored_is_found_also_when_it_was_rolled_back() {
    var restored = new ArrayList<RememberedOperation>();
    for (int seq = 1; seq <= 1_000; seq++) {
      restored.add(seq % 3 == 0 ? operation(seq, seq).rolledBack() : operation(seq, seq));
    }
    var index = new OperationIndex(Long.MAX_VALUE, Integer.MAX_VALUE);
    index.restore(OperationList.copyOf(restored), 7);
    assertThat(index.forgottenBeforeMillis()).isEqualTo(7);
    assertThat(index.upTo(999)).isEqualTo(restored.subList(0, 999));
    restored.forEach(operation -> assertThat(index.find(operation.key())).isEqualTo(operation));
  }
}
