package dev.planaria.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.recovery.Complexity.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecoveryLanesTest {

  @Test
  void a_class_follows_from_tail_chain_findings_and_connections() {
    assertThat(Complexity.of(new Measure(10, 1, false, 0))).isEqualTo(Complexity.LOW);
    assertThat(Complexity.of(new Measure(1_000, 1, false, 0))).isEqualTo(Complexity.MEDIUM);
    assertThat(Complexity.of(new Measure(10, 2, false, 0))).isEqualTo(Complexity.MEDIUM);
    assertThat(Complexity.of(new Measure(10, 1, false, 1))).isEqualTo(Complexity.MEDIUM);
    assertThat(Complexity.of(new Measure(10, 1, true, 0))).isEqualTo(Complexity.HIGH);
    assertThat(Complexity.of(new Measure(50_000, 0, false, 0))).isEqualTo(Complexity.HIGH);
  }

  @Test
  void eight_simple_ones_run_at_a_time() {
    var together = new CyclicBarrier(8);
    var done = new AtomicInteger();
    RecoveryLanes.run(
        Threads.REAL,
        Map.of(Complexity.LOW, LongStream.range(0, 8).boxed().toList()),
        Long::longValue,
        item -> {
          meet(together);
          done.incrementAndGet();
        },
        () -> false);
    assertThat(done).hasValue(8);
  }

  @Test
  void hard_ones_run_one_by_one_the_largest_first_and_a_failure_stops_none() {
    var order = Collections.synchronizedList(new ArrayList<Long>());
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var classes = new EnumMap<Complexity, List<Long>>(Complexity.class);
    classes.put(Complexity.HIGH, List.of(3L, 9L, 1L, 5L));
    RecoveryLanes.run(
        Threads.REAL,
        classes,
        Long::longValue,
        item -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          order.add(item);
          running.decrementAndGet();
          if (item == 9) {
            throw new IllegalStateException("this one fails");
          }
        },
        () -> false);
    assertThat(order).containsExactly(9L, 5L, 3L, 1L);
    assertThat(most).hasValue(1);
  }

  @Test
  void nothing_is_begun_once_it_is_to_stop() {
    var done = new AtomicInteger();
    RecoveryLanes.run(
        Threads.REAL,
        Map.of(Complexity.MEDIUM, List.of(1L, 2L, 3L)),
        Long::longValue,
        item -> done.incrementAndGet(),
        () -> done.get() > 0 || done.get() == 0);
    assertThat(done).hasValue(0);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("they did not run at a time", e);
    }
  }
}
