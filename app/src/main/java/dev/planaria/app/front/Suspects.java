package dev.planaria.app.front;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Keeps apart requests that were there when a worker died by itself. One of them may be what kills
/// workers, the others were merely near; so they go to the next worker one after the other, each
/// with a moment of its own, and the next death points at one. Thread-safe.
final class Suspects {

  private final ForwardingSettings settings;
  private final Semaphore free = new Semaphore(1, true);
  private final Turn noTurnNeeded = new Turn(false);

  Suspects(ForwardingSettings settings) {
    this.settings = settings;
  }

  /// Waits until it is the call's turn. A call that is not suspect need not wait.
  ///
  /// @throws Refusal (503) when the turn did not come in time
  Turn await(Call call) throws Refusal, InterruptedException {
    if (call.deaths() == 0) {
      return noTurnNeeded;
    }
    if (!free.tryAcquire(settings.workerWaitMillis(), TimeUnit.MILLISECONDS)) {
      throw Refusal.of(503, "other requests that workers may have died of are tried first");
    }
    return new Turn(true);
  }

  /// The right to be with the worker, apart from other suspects.
  final class Turn implements AutoCloseable {

    private final AtomicBoolean held;
    private final CountDownLatch over = new CountDownLatch(1);

    private Turn(boolean held) {
      this.held = new AtomicBoolean(held);
    }

    /// The request is with the worker: its moment begins.
    void begin() {
      if (held.get()) {
        Thread.ofVirtual().start(this::endInTime);
      }
    }

    private void endInTime() {
      try {
        if (!over.await(settings.suspectMillis(), TimeUnit.MILLISECONDS)) {
          close();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      over.countDown();
      if (held.compareAndSet(true, false)) {
        free.release();
      }
    }
  }
}
