package dev.planaria.app.shim;

import java.util.function.LongSupplier;

/// One request on its way to a daemon. Thread-safe.
final class Exchange {

  private final HttpConnection connection;
  private final Daemons.Daemon daemon;
  private final LongSupplier nanoTime;
  private volatile long heardNanos;

  Exchange(HttpConnection connection, Daemons.Daemon daemon, LongSupplier nanoTime) {
    this.connection = connection;
    this.daemon = daemon;
    this.nanoTime = nanoTime;
    this.heardNanos = nanoTime.getAsLong();
  }

  HttpConnection connection() {
    return connection;
  }

  Daemons.Daemon daemon() {
    return daemon;
  }

  /// The daemon has shown that it lives.
  void heard() {
    heardNanos = nanoTime.getAsLong();
  }

  long heardNanos() {
    return heardNanos;
  }

  /// Ends it; whoever waits for the answer sees the connection break.
  void close() {
    connection.close();
  }
}
