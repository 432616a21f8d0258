package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// What the engine does by itself goes on after a failure.
class HousekeepingTest {

  private static final EngineSettings SETTINGS = EngineSettings.DEFAULT.withHousekeeping(10);

  @Test
  void a_recovery_that_could_not_read_its_store_is_tried_again() throws Exception {
    var tries = new AtomicInteger();
    var done = new CountDownLatch(1);
    BooleanSupplier recovery =
        () ->
            switch (tries.incrementAndGet()) {
              case 1 -> throw new IllegalStateException("the disk is away");
              case 2 -> false;
              default -> {
                done.countDown();
                yield true;
              }
            };
    try (var housekeeping =
        new Housekeeping(new Housekeeping.Work(() -> {}, recovery, () -> {}), SETTINGS)) {
      housekeeping.start();
      assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(tries).hasValue(3);
  }

  @Test
  void a_round_that_fails_does_not_end_the_rounds_and_closing_waits_for_no_try() throws Exception {
    var rounds = new CountDownLatch(3);
    var tried = new CountDownLatch(1);
    Runnable round =
        () -> {
          rounds.countDown();
          throw new IllegalStateException("the disk is away");
        };
    BooleanSupplier recovery =
        () -> {
          tried.countDown();
          throw new IllegalStateException("the disk is away");
        };
    try (var housekeeping =
        new Housekeeping(new Housekeeping.Work(round, recovery, () -> {}), SETTINGS)) {
      housekeeping.start();
      assertThat(rounds.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(tried.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(tried.getCount()).isZero();
  }
}
