package dev.planaria.chaos.ledger;

import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.journal.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The ledger of a run, kept by the process that asks and not by the one that is asked: what was
/// sent, and what was answered. Thread-safe: callers write while others wait for what they write.
public final class Ledger {

  /// Some 300 MB; ten times what the largest run of a profile asks for.
  static final int MOST_LINES = 250_000;

  private final LongSupplier nanoTime;
  private final LedgerLog log;
  private final int mostLines;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition written = lock.newCondition();
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private long acknowledged;
  private boolean full;
  private long sentAtOfNewest = Long.MIN_VALUE;

  /// An empty one.
  ///
  /// @param nanoTime a monotonic clock
  public Ledger(LongSupplier nanoTime) {
    this(nanoTime, LedgerLog.NONE);
  }

  /// An empty one that is taken down as well.
  ///
  /// @param nanoTime a monotonic clock
  /// @param log takes each call down before it is sent, and each outcome before anybody goes on
  public Ledger(LongSupplier nanoTime, LedgerLog log) {
    this(nanoTime, log, MOST_LINES);
  }

  Ledger(LongSupplier nanoTime, LedgerLog log, int mostLines) {
    this.nanoTime = nanoTime;
    this.log = log;
    this.mostLines = mostLines;
  }

  /// A call is about to be sent for the first time.
  ///
  /// @throws IllegalArgumentException when its operation id was used before
  /// @throws LedgerFull when no more calls fit; whoever waits is told so, too
  public void sent(Ask ask) {
    lock.lock();
    try {
      if (lines.size() >= mostLines) {
        full = true;
        written.signalAll();
        throw new LedgerFull(mostLines);
      }
      var line = new Line(ask, nanoTime.getAsLong(), 1, 0, new Outcome.Open());
      if (lines.putIfAbsent(ask.operationId(), line) != null) {
        throw new IllegalArgumentException(
            "`operation_id` must be fresh, " + ask.operationId() + " was used before");
      }
      log.write(LedgerLines.sent(line));
    } finally {
      lock.unlock();
    }
  }

  /// A call is about to be sent again, since no answer came.
  public void sentAgain(String operationId) {
    lock.lock();
    try {
      Line line = line(operationId);
      var again = new Line(line.ask(), line.sentAtNanos(), line.attempts() + 1, 0, line.outcome());
      lines.put(operationId, again);
      log.write(LedgerLines.again(again));
    } finally {
      lock.unlock();
    }
  }

  /// A call's receipt came.
  public void acknowledged(String operationId, Receipt receipt) {
    end(operationId, new Outcome.Acknowledged(receipt));
  }

  /// A call was answered without a receipt, or given up.
  public void ended(String operationId, Outcome outcome) {
    end(operationId, outcome);
  }

  private void end(String operationId, Outcome outcome) {
    lock.lock();
    try {
      Line line = line(operationId);
      var ended =
          new Line(line.ask(), line.sentAtNanos(), line.attempts(), nanoTime.getAsLong(), outcome);
      lines.put(operationId, ended);
      log.write(LedgerLines.ended(ended));
      if (outcome instanceof Outcome.Acknowledged) {
        acknowledged++;
        sentAtOfNewest = Math.max(sentAtOfNewest, line.sentAtNanos());
      }
      written.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What became of a call so far.
  ///
  /// @throws IllegalArgumentException when it was never sent
  public Line line(String operationId) {
    lock.lock();
    try {
      @Nullable Line line = lines.get(operationId);
      if (line == null) {
        throw new IllegalArgumentException("`operation_id` " + operationId + " was never sent");
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  /// All calls, in the order in which they were first sent.
  public List<Line> lines() {
    lock.lock();
    try {
      return List.copyOf(lines.values());
    } finally {
      lock.unlock();
    }
  }

  /// Looks whether there was room for all calls: where there was none, waiting is over early.
  ///
  /// @throws LedgerFull when a call did not fit
  public void requireRoom() {
    lock.lock();
    try {
      if (full) {
        throw new LedgerFull(mostLines);
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many were acknowledged so far.
  public long acknowledgements() {
    lock.lock();
    try {
      return acknowledged;
    } finally {
      lock.unlock();
    }
  }

  /// How many calls ended how.
  public RunReport.Counts counts() {
    List<Line> all = lines();
    return new RunReport.Counts(
        all.size(),
        count(all, Outcome.Acknowledged.class::isInstance),
        count(all, Outcome.Refused.class::isInstance),
        count(all, Outcome.Unknown.class::isInstance));
  }

  private static long count(List<Line> lines, Predicate<Outcome> wanted) {
    return lines.stream().map(Line::outcome).filter(wanted).count();
  }

  /// Waits until there are so many acknowledgements, in all.
  ///
  /// @return false when there were not within that time
  public boolean awaitAcknowledgements(long wanted, long timeoutMillis)
      throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (acknowledged < wanted && left > 0 && !full) {
        left = written.awaitNanos(left);
      }
      return acknowledged >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /// Operation ids of the calls that have no outcome yet.
  public List<String> open() {
    return lines().stream()
        .filter(line -> line.outcome() instanceof Outcome.Open)
        .map(line -> line.ask().operationId())
        .toList();
  }

  /// Waits until all of these calls have an outcome.
  ///
  /// @return false when one had none within that time
  public boolean awaitEnded(List<String> operationIds, long timeoutMillis)
      throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (operationIds.stream().anyMatch(id -> line(id).outcome() instanceof Outcome.Open)
          && left > 0) {
        left = written.awaitNanos(left);
      }
      return left > 0;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until a call that was first sent after a moment is acknowledged: a whole round trip that
  /// what happened before that moment had no part in.
  ///
  /// @param nanos the moment, on the ledger's clock
  /// @return when it was acknowledged, on the ledger's clock; nothing when none was in that time
  public OptionalLong awaitRoundTripAfter(long nanos, long timeoutMillis)
      throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (sentAtOfNewest <= nanos && left > 0 && !full) {
        left = written.awaitNanos(left);
      }
      return lines.values().stream()
          .filter(line -> line.isAcknowledged() && line.sentAtNanos() > nanos)
          .mapToLong(Line::endedAtNanos)
          .min();
    } finally {
      lock.unlock();
    }
  }
}
