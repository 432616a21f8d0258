package dev.planaria.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private final List<Throwable> broken = new ArrayList<>();
  private final Turns turns = new Turns(new SplittableRandom(7), broken::add);
  private final Life life = new Life("it");
  private final List<String> said = new ArrayList<>();

  private void say(String what) {
    said.add(turns.nowMillis() + " " + what);
  }

  private boolean runToTheEnd() {
    return turns.run(() -> false, () -> {});
  }

  @Test
  void time_passes_only_while_everybody_waits() {
    var _ =
        turns.start(
            life,
            () -> {
              turns.pause(3_600_000);
              say("an hour later");
            });
    var _ =
        turns.start(
            life,
            () -> {
              turns.pause(10);
              say("soon");
            });
    assertThat(runToTheEnd()).as("nobody is left").isFalse();
    assertThat(said).containsExactly("10 soon", "3600000 an hour later");
    assertThat(broken).isEmpty();
  }

  @Test
  void who_goes_on_depends_on_the_seed_alone() {
    assertThat(order(1)).isEqualTo(order(1));
    assertThat(List.of(order(1), order(2), order(3), order(4)).stream().distinct().count())
        .isGreaterThan(1);
  }

  private static List<Integer> order(long seed) {
    var drawn = new Turns(new SplittableRandom(seed), _ -> {});
    var order = new ArrayList<Integer>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      var _ = drawn.start(new Life("one"), () -> order.add(number));
    }
    var _ = drawn.run(() -> false, () -> {});
    return order;
  }

  @Test
  void a_lock_whose_holder_waits_is_waited_for_in_virtual_time() {
    var threads = new SimulatedThreads(turns, life);
    var lock = new ReentrantLock();
    for (String name : List.of("one", "other")) {
      var _ =
          turns.start(
              life,
              () -> {
                threads.lock(lock);
                say(name);
                turns.pause(100);
                lock.unlock();
              });
    }
    var _ = runToTheEnd();
    assertThat(said.stream().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly("0", "100");
    assertThat(said).hasSize(2);
  }

  @Test
  void a_process_that_is_stopped_goes_on_later_and_one_that_has_ended_never_does() {
    var other = new Life("other");
    var _ =
        turns.start(
            life,
            () -> {
              turns.pause(5);
              say("went on");
            });
    var ended =
        turns.start(
            other,
            () -> {
              turns.pause(5);
              say("never said");
            });
    var _ =
        turns.start(
            new Life("outside"),
            () -> {
              turns.pause(1);
              life.stop(true);
              other.end();
              turns.pause(1_000);
              life.stop(false);
            });
    var _ = runToTheEnd();
    assertThat(said).containsExactly("1001 went on");
    assertThat(ended).isCompletedExceptionally();
    assertThat(broken).isEmpty();
  }

  @Test
  void what_breaks_is_told() {
    var _ =
        turns.start(
            life,
            () -> {
              throw new IllegalStateException("so it is");
            });
    var _ = runToTheEnd();
    assertThat(broken).singleElement().isInstanceOf(IllegalStateException.class);
  }
}
