package dev.planaria.engine.journal;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Threads of the machine, which wait as threads do. Thread-safe.
final class MachineThreads implements Threads {

  @Override
  public CompletableFuture<@Nullable Void> start(String name, Runnable work) {
    var ended = new CompletableFuture<@Nullable Void>();
    Thread.ofPlatform().daemon().name(name).start(() -> run(work, ended));
    return ended;
  }

  @Override
  public CompletableFuture<@Nullable Void> startSmall(Runnable work) {
    var ended = new CompletableFuture<@Nullable Void>();
    Thread.startVirtualThread(() -> run(work, ended));
    return ended;
  }

  /// What the work throws is seen by whoever waits for it, and by the thread's handler.
  private static void run(Runnable work, CompletableFuture<@Nullable Void> ended) {
    try {
      work.run();
      ended.complete(null);
    } catch (RuntimeException | Error e) {
      ended.completeExceptionally(e);
      throw e;
    }
  }

  @Override
  public void await(CompletableFuture<?> future) {
    try {
      var _ = future.join();
    } catch (CompletionException | CancellationException e) {
      // Complete all the same; whoever asks for the value is told.
      return;
    }
  }

  @Override
  public void lock(ReentrantLock lock) {
    lock.lock();
  }

  @Override
  public void acquire(Semaphore permits) {
    permits.acquireUninterruptibly();
  }

  @Override
  public boolean await(
      ReentrantLock lock, Condition changed, BooleanSupplier holds, long atMostNanos) {
    try {
      long left = atMostNanos;
      while (left > 0 && !holds.getAsBoolean()) {
        if (atMostNanos == Long.MAX_VALUE) {
          changed.awaitUninterruptibly();
        } else {
          left = changed.awaitNanos(left);
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
