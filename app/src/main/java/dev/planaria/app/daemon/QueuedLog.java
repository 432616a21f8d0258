package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A log for those who must not wait for its disk, since others wait for them: their lines are
/// written in order by a thread of its own. What the disk does not take in time is left out and
/// counted, and the log tells how much that was. Thread-safe.
final class QueuedLog implements Log, AutoCloseable {
  /// So many lines wait at most: all that a daemon with a thousand sessions says after a crash, and
  /// about 2 MB.
  static final int LINES = 10_000;

  /// How long an orderly end waits for lines that are not written yet.
  private static final long END_MILLIS = 2_000;

  private final int lines;
  private final Consumer<String> disk;
  private final Log unqueued;
  private final Log queued;
  private final Thread writer;
  // Guarded by this.
  private final Queue<String> waiting = new ArrayDeque<>();
  private long leftOut;
  private boolean closing;

  /// @param lines that wait at most
  /// @param format of a line, and its time
  /// @param disk takes lines, and may take its time
  QueuedLog(int lines, FormattedLog format, Consumer<String> disk) {
    this.lines = lines;
    this.disk = disk;
    this.unqueued = new FormattedLog(format.format(), format.nowMillis(), disk);
    this.queued = new FormattedLog(format.format(), format.nowMillis(), this::add);
    // A platform thread, since it spends its life in writes to a disk.
    this.writer = Thread.ofPlatform().name("log-writer").daemon().start(this::write);
  }

  @Override
  public void info(String message) {
    queued.info(message);
  }

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    queued.warn(message, cause);
  }

  @Override
  public Log with(String name, Object id) {
    return queued.with(name, id);
  }

  private synchronized void add(String line) {
    if (closing) {
      System.err.print(line); // kept by the front
      return;
    }
    if (waiting.size() >= lines) {
      leftOut++;
      return;
    }
    waiting.add(line);
    notifyAll();
  }

  private void write() {
    try {
      for (String line = next(); line != null; line = next()) {
        disk.accept(line);
        long gone = gone();
        if (gone > 0) {
          unqueued.warn(gone + " events left out: the disk took their lines too slowly", null);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable String next() throws InterruptedException {
    while (waiting.isEmpty() && !closing) {
      wait();
    }
    return waiting.poll();
  }

  /// What was left out, once everything is written that came before.
  private synchronized long gone() {
    if (!waiting.isEmpty()) {
      return 0;
    }
    long gone = leftOut;
    leftOut = 0;
    return gone;
  }

  /// Returns when everything is written, or the disk has had its time; what is said after that goes
  /// to standard error. Closing twice is closing once.
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      writer.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      long lost = waiting.size() + leftOut;
      leftOut = 0;
      waiting.clear();
      if (lost > 0) {
        System.err.println("planaria: " + lost + " events left out of the log at the end");
      }
    }
  }
}
