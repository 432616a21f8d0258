package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// One HTTP exchange that is under way, so that it can be broken off from outside. Thread-safe.
final class Flight {
  private @Nullable Thread thread;
  private @Nullable InputStream body;
  private boolean over;

  /// Runs the exchange in a thread of its own.
  void start(Runnable exchange) {
    synchronized (this) {
      if (over) {
        return;
      }
      thread =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  exchange.run();
                } finally {
                  finished();
                }
              });
      thread.start();
    }
  }

  private synchronized void finished() {
    over = true;
    thread = null;
    body = null;
  }

  /// The answer is being read from here on.
  void reading(InputStream from) {
    boolean late;
    synchronized (this) {
      body = from;
      late = over;
    }
    if (late) {
      close(from);
    }
  }

  synchronized boolean isOver() {
    return over;
  }

  /// Ends the exchange and its connection.
  void breakOff() {
    InputStream open;
    synchronized (this) {
      over = true;
      open = body;
      if (thread != null) {
        thread.interrupt();
      }
    }
    if (open != null) {
      close(open);
    }
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException _) {
      // that was the intention
    }
  }
}
