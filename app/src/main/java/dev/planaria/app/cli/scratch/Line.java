package dev.planaria.app.cli.scratch;

import org.jspecify.annotations.Nullable;

/// The callers' way to the daemon, which is cut while the whole daemon is down. Thread-safe.
final class Line {

  private @Nullable McpClient client;

  /// From now on there is nobody to call.
  synchronized void cut() {
    client = null;
  }

  /// From now on this one is used.
  synchronized void connect(McpClient next) {
    client = next;
    notifyAll();
  }

  /// The present client; waits while the line is cut.
  synchronized McpClient await() throws InterruptedException {
    McpClient present = client;
    while (present == null) {
      wait();
      present = client;
    }
    return present;
  }
}
