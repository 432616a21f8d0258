package dev.planaria.engine.metrics;

import dev.planaria.engine.metrics.Minute.Counts;
import dev.planaria.engine.session.DetectionCounts;
import dev.planaria.engine.session.EngineFigures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks once a second whether requests are served, and notes it in the book, with what was counted
/// meanwhile. A second counts as served when a probe that began in it was answered within a second.
///
/// The seconds between the last that was served and a crash's end were not served. After an end in
/// order nobody was meant to be served, so that those seconds are not observed. Not thread-safe but
/// for [#endInOrder]: [#runOnce] is called by one thread, about once a second.
public final class Attendance {

  /// An answer that takes longer is none: a client would see a stop.
  private static final long ANSWER_NANOS = 1_000_000_000;

  /// Who looks too late by less than this was short of processor, which proves nothing; by more,
  /// the process stood still, and its clients with it. A machine that slept does not count: its
  /// monotonic clock stood still too.
  private static final long STILL_NANOS = 3_000_000_000L;

  /// Stretches of seconds that are kept until the book takes them, 32 bytes each: an hour in which
  /// every second differs from the one before. Beyond that the oldest are not observed.
  static final int MOST_UNWRITTEN = 3_600;

  private final MinuteBook book;
  private final Surroundings surroundings;
  private final Totals totals;
  private final MinuteBook.Reading before;
  private final Deque<Seconds> unwritten = new ArrayDeque<>();
  private boolean served;
  private boolean ended;
  private Counts noted = Counts.NONE;
  private long syncedMinute;

  /// The last second of which something is known, 0 before the first.
  private long lastSecond;

  /// When the last look was over, what it wrote included.
  private long lastNanos;

  /// Seconds that were all served, or all not.
  private record Seconds(long first, long last, boolean served) {

    /// Both as one, or null when they are not.
    @Nullable Seconds with(Seconds next) {
      return served == next.served && first <= next.first && next.first <= last + 1
          ? new Seconds(first, Math.max(last, next.last), served)
          : null;
    }
  }

  /// Clocks.
  ///
  /// @param nowMillis Unix time
  /// @param nanoTime a monotonic clock
  public record Surroundings(LongSupplier nowMillis, LongSupplier nanoTime) {}

  /// Where what is counted comes from.
  ///
  /// @param counts since the process began
  /// @param failedAtMillis when the process before this one was last known to be well, if it is
  ///   known to have failed, Unix time; or null
  public record Totals(Supplier<Counts> counts, @Nullable Long failedAtMillis) {}

  /// Begins a process's part of the book.
  ///
  /// @throws IOException when the book cannot be read
  public Attendance(MinuteBook book, Surroundings surroundings, Totals totals) throws IOException {
    this.book = book;
    this.surroundings = surroundings;
    this.totals = totals;
    this.before = book.read(surroundings.nowMillis().getAsLong());
  }

  /// What an engine has counted, as the book takes it.
  public static Counts counted(EngineFigures figures) {
    DetectionCounts found = figures.detections();
    return new Counts(
        figures.counts().operations(),
        found.checksumFailures(),
        found.truePositives(),
        found.falsePositives(),
        found.missed());
  }

  /// Looks once.
  ///
  /// @param probe true when a request is served now; may take its time
  /// @throws IOException when the book could not be written; what was seen and counted is noted
  ///   next time
  public void runOnce(BooleanSupplier probe) throws IOException {
    long begunNanos = surroundings.nanoTime().getAsLong();
    long second = Math.floorDiv(surroundings.nowMillis().getAsLong(), 1_000);
    boolean answered = probe.getAsBoolean();
    long nanos = surroundings.nanoTime().getAsLong();
    long until = Math.floorDiv(surroundings.nowMillis().getAsLong(), 1_000);
    synchronized (this) {
      if (ended) {
        return;
      }
      try {
        noteStandstill(second, begunNanos);
        boolean inTime = answered && nanos - begunNanos <= ANSWER_NANOS;
        if (inTime && !served) {
          served = true;
          noteGap(second);
        }
        note(second, second, inTime);
        if (!inTime) {
          // Whoever asked in the meantime waited too; the last of these seconds has a probe to
          // come.
          note(second + 1, until - 1, false);
        }
        lastSecond = inTime ? second : Math.max(second, until - 1);
        write(second);
      } finally {
        // While this wrote nobody looked, which says nothing of who was served.
        lastNanos = surroundings.nanoTime().getAsLong();
      }
    }
  }

  private void write(long second) throws IOException {
    writeSeconds();
    noteCounts(second);
    if (Math.floorDiv(second, 60) != syncedMinute) {
      book.sync();
      syncedMinute = Math.floorDiv(second, 60);
    }
  }

  /// To be written: a book that takes no writes now says nothing of who is served now.
  private void note(long first, long last, boolean isServed) {
    if (last < first) {
      return;
    }
    var seconds = new Seconds(first, last, isServed);
    Seconds newest = unwritten.peekLast();
    Seconds both = newest == null ? null : newest.with(seconds);
    if (both != null) {
      unwritten.removeLast();
    } else if (unwritten.size() == MOST_UNWRITTEN) {
      unwritten.removeFirst();
    }
    unwritten.addLast(both == null ? seconds : both);
  }

  private void writeSeconds() throws IOException {
    for (Seconds next = unwritten.peekFirst(); next != null; next = unwritten.peekFirst()) {
      book.note(next.first(), next.last(), next.served());
      unwritten.removeFirst();
    }
  }

  private void noteStandstill(long second, long begunNanos) {
    long nanos = begunNanos - lastNanos;
    if (lastSecond != 0 && nanos >= STILL_NANOS) {
      // Of a clock that jumped meanwhile, no more than has passed.
      long first = Math.max(lastSecond + 1, second - nanos / 1_000_000_000);
      note(first, second - 1, false);
    }
  }

  /// Between the end of the process before and the first second that is served.
  private void noteGap(long second) {
    Long last = before.lastServedSecond();
    Long failed = totals.failedAtMillis();
    if (last == null) {
      return;
    }
    if (!before.endedInOrder()) {
      note(last + 1, second - 1, false);
    } else if (failed != null) {
      // Another process began after the orderly end, and failed before it served.
      note(Math.max(last, Math.floorDiv(failed, 1_000)) + 1, second - 1, false);
    }
  }

  private void noteCounts(long second) throws IOException {
    Counts now = totals.counts().get();
    book.count(Math.floorDiv(second, 60), now.minus(noted));
    noted = now;
  }

  /// Says that the process ends because it was told to. No second is noted after that; called
  /// again, it notes what was counted since.
  ///
  /// @throws IOException when the book could not be written; the pause then counts as a failure
  public synchronized void endInOrder() throws IOException {
    ended = true;
    long second = Math.floorDiv(surroundings.nowMillis().getAsLong(), 1_000);
    writeSeconds();
    noteCounts(second);
    book.endInOrder(Math.floorDiv(second, 60));
  }
}
