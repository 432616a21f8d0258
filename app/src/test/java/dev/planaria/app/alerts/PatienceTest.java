package dev.planaria.app.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.Patience.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What does not come back is left alone, and holds up nothing of another kind.
@Timeout(60)
class PatienceTest {
  private final CountDownLatch open = new CountDownLatch(1);
  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
  private final AtomicInteger begun = new AtomicInteger();

  /// Waits until the work is done, or stands at the latch.
  private final Patience patience =
      new Patience(
          7,
          (kind, work, limitMillis) -> {
            CompletableFuture.anyOf(work, reached).join();
            return work.isDone();
          });

  private String hang() throws InterruptedException {
    begun.incrementAndGet();
    reached.complete(true);
    open.await();
    return "late";
  }

  @Test
  void what_is_done_and_what_fails_are_told_apart() {
    assertThat(new Patience().await("disk", () -> 7)).isEqualTo(new Outcome.Done<>(7));
    var reason = new IOException("input/output error");
    Outcome<Integer> failed =
        new Patience()
            .await(
                "disk",
                () -> {
                  throw reason;
                });
    assertThat(failed).isEqualTo(new Outcome.Failed<>(reason));
  }

  @Test
  void what_hangs_is_unknown_and_nothing_of_its_kind_is_begun_until_it_comes_back() {
    assertThat(patience.await("disk", this::hang)).isEqualTo(new Outcome.Hanging<>(7));
    for (int i = 0; i < 10; i++) {
      assertThat(patience.await("disk", this::hang)).isEqualTo(new Outcome.Hanging<>(7));
    }
    assertThat(begun).as("one thread is held").hasValue(1);
    var other = new Patience();
    assertThat(other.await("writer", () -> 1)).isEqualTo(new Outcome.Done<>(1));
    open.countDown();
    Outcome<String> after = patience.await("disk", () -> "again");
    while (after instanceof Outcome.Hanging<String>) { // the thread is on its way back
      Thread.onSpinWait();
      after = patience.await("disk", () -> "again");
    }
    assertThat(after).isEqualTo(new Outcome.Done<>("again"));
  }

  @Test
  void who_asks_for_the_same_at_the_same_time_takes_turns() {
    var shared = new Patience();
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    List<CompletableFuture<Outcome<Integer>>> asked = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      asked.add(
          CompletableFuture.supplyAsync(
              () ->
                  shared.await(
                      "disk",
                      () -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return inside.decrementAndGet();
                      }),
              Thread::startVirtualThread));
    }
    assertThat(asked).allMatch(one -> one.join() instanceof Outcome.Done<Integer>);
    assertThat(most).hasValue(1);
  }
}
