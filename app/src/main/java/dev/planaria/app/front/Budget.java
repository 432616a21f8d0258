package dev.planaria.app.front;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A number of bytes that many buffers share. Whoever wants more than is left waits, and while it
/// waits it does not read its socket: that is the backpressure. Thread-safe.
final class Budget {

  private final Semaphore free;
  private final long waitMillis;

  /// @param bytes how many there are
  /// @param waitMillis how long a share may be waited for; two half-read bodies that wait for each
  ///   other must not wait for ever
  Budget(long bytes, long waitMillis) {
    this.free = new Semaphore(Math.toIntExact(Math.min(bytes, Integer.MAX_VALUE)));
    this.waitMillis = waitMillis;
  }

  /// Takes so many bytes; false when they did not become free in time.
  boolean take(int bytes) {
    if (free.tryAcquire(bytes)) {
      return true;
    }
    try {
      return free.tryAcquire(bytes, waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void giveBack(int bytes) {
    free.release(bytes);
  }

  int freeBytes() {
    return free.availablePermits();
  }
}
