package dev.planaria.engine.recovery;

import dev.planaria.engine.journal.Journal;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a journal from front to back on all processors: the caller reads it and gets its frames in
/// order, and in between other threads look at each of them by itself. Not thread-safe.
final class ReadAhead {

  /// Frames that were read and not yet handed on take so much memory at most, and one more.
  private static final long AHEAD_BYTES = 16 << 20;

  /// Less than this is read before threads would have begun.
  private static final long ALONE_BYTES = 1 << 20;

  private final Consumer<ScannedFrame> consumer;
  private final ArrayDeque<Looking> ahead = new ArrayDeque<>();
  private @Nullable ExecutorService threads;
  private long readBytes;
  private long aheadBytes;

  private record Looking(int bytes, Future<ScannedFrame> frame) {}

  private ReadAhead(Consumer<ScannedFrame> consumer) {
    this.consumer = consumer;
  }

  /// Hands every frame with a larger id to the consumer, in order, on the caller's thread.
  static void run(Journal journal, long afterFrameId, Consumer<ScannedFrame> consumer) {
    var reading = new ReadAhead(consumer);
    try {
      journal.scan(afterFrameId, reading::frame);
      reading.handOn(0);
    } finally {
      reading.close();
    }
  }

  private void frame(long id, byte[] bytes) {
    if (readBytes < ALONE_BYTES) {
      readBytes += bytes.length;
      consumer.accept(ScannedFrame.of(id, bytes));
      return;
    }
    Future<ScannedFrame> frame = threads().submit(() -> ScannedFrame.of(id, bytes));
    ahead.add(new Looking(bytes.length, frame));
    aheadBytes += bytes.length;
    handOn(AHEAD_BYTES);
  }

  /// Hands on what has been looked at, and waits for what exceeds the bound.
  private void handOn(long leftBytes) {
    while (!ahead.isEmpty() && (aheadBytes > leftBytes || ahead.getFirst().frame().isDone())) {
      Looking first = ahead.removeFirst();
      aheadBytes -= first.bytes();
      consumer.accept(await(first.frame()));
    }
  }

  private static ScannedFrame await(Future<ScannedFrame> frame) {
    try {
      return frame.get();
    } catch (ExecutionException e) {
      // Nothing that a frame holds does this.
      throw new IllegalStateException("a frame could not be looked at", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the reading of the journal was interrupted", e);
    }
  }

  private ExecutorService threads() {
    ExecutorService present = threads;
    if (present == null) {
      present =
          Executors.newFixedThreadPool(
              Runtime.getRuntime().availableProcessors(),
              Thread.ofPlatform().daemon().name("journal-scan-", 0).factory());
      threads = present;
    }
    return present;
  }

  private void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
  }
}
