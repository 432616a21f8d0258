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

  /// And so many characters: a line may hold a whole stack trace, and ten thousand of those would
  /// fill a worker's heap. As much as one of the log's files holds.
  static final long CHARACTERS = 4 << 20;

  /// How long an orderly end waits for lines that are not written yet.
  private static final long END_MILLIS = 2_000;

  /// How much waits at most, and for how long at the end.
  ///
  /// @param lines that wait at most
  /// @param characters of them; a line alone may be longer
  /// @param endMillis for what is not written yet at an orderly end
  record Bounds(int lines, long characters, long endMillis) {
    /// What a worker has.
    static final Bounds DEFAULT = new Bounds(LINES, CHARACTERS, END_MILLIS);
  }

  private final Bounds bounds;
  private final Consumer<String> disk;
  private final Log unqueued;
  private final Log queued;
  private final Thread writer;
  // Guarded by this.
  private final Queue<String> waiting = new ArrayDeque<>();
  private long characters;
  private long leftOut;
  private boolean closing;

  /// @param format of a line, and its time
  /// @param disk takes lines, and may take its time
  QueuedLog(Bounds bounds, FormattedLog format, Consumer<String> disk) {
    this.bounds = bounds;
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
    boolean tooLong = characters > 0 && characters + line.length() > bounds.characters();
    if (waiting.size() >= bounds.lines() || tooLong) {
      leftOut++;
      return;
    }
    waiting.add(line);
    characters += line.length();
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
    String line = waiting.poll();
    characters -= line == null ? 0 : line.length();
    return line;
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
      writer.join(bounds.endMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      long lost = waiting.size() + leftOut;
      leftOut = 0;
      waiting.clear();
      characters = 0;
      if (lost > 0) {
        System.err.println("planaria: " + lost + " events left out of the log at the end");
      }
    }
  }
}
