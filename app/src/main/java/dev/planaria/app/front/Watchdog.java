package dev.planaria.app.front;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Looks at every client connection now and then and ends those that take too long. One look for
/// all is cheaper than a timer for each read and each write, and works for writes too, for which
/// the JDK knows no timeout.
final class Watchdog {

  private final Collection<ClientConnection> connections;
  private final LongSupplier nanoTime;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Watchdog(Collection<ClientConnection> connections, LongSupplier nanoTime) {
    this.connections = connections;
    this.nanoTime = nanoTime;
  }

  /// One look at everybody.
  void runOnce() {
    var now = nanoTime.getAsLong();
    connections.forEach(connection -> connection.check(now));
  }

  /// Looks every so often until stopped.
  void run(long tickMillis) {
    try {
      while (!stopped.await(tickMillis, TimeUnit.MILLISECONDS)) {
        runOnce();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  void stop() {
    stopped.countDown();
  }
}
