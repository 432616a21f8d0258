package dev.planaria.chaos.simulation;

import dev.planaria.engine.journal.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The engine's threads in a simulated process: each goes on when it is its turn.
///
/// @param turns who goes on
/// @param life the process
record SimulatedThreads(Turns turns, Life life) implements Threads {

  private static final long NANOS_PER_MILLI = 1_000_000;

  @Override
  public CompletableFuture<@Nullable Void> start(String name, Runnable work) {
    return turns.start(life, work);
  }

  @Override
  public CompletableFuture<@Nullable Void> startSmall(Runnable work) {
    return turns.start(life, work);
  }

  @Override
  public void await(CompletableFuture<?> future) {
    if (!future.isDone()) {
      var _ = turns.await(future::isDone, Long.MAX_VALUE);
    }
  }

  @Override
  public void lock(ReentrantLock lock) {
    while (!lock.tryLock()) {
      var _ = turns.await(() -> !lock.isLocked(), Long.MAX_VALUE);
    }
  }

  @Override
  public void acquire(Semaphore permits) {
    while (!permits.tryAcquire()) {
      var _ = turns.await(() -> permits.availablePermits() > 0, Long.MAX_VALUE);
    }
  }

  @Override
  public boolean await(
      ReentrantLock lock, Condition changed, BooleanSupplier holds, long atMostNanos) {
    if (!holds.getAsBoolean()) {
      lock.unlock();
      try {
        long millis =
            atMostNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : Math.ceilDiv(atMostNanos, NANOS_PER_MILLI);
        var _ = turns.await(holds, millis);
      } finally {
        lock.lock();
      }
    }
    return true;
  }
}
