package dev.planaria.app.shim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The client's lines that are not dealt with, in their order: those that wait to be sent, and
/// those that wait for an answer. Bounded. Thread-safe.
final class KeptLines {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeMap<Long, KeptLine> lines = new TreeMap<>();
  private final ShimSettings.Limits limits;
  private final LongSupplier nanoTime;
  private long bytes;
  private long nextOrder;
  private boolean ended;

  KeptLines(ShimSettings.Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /// What became of a line that came.
  enum Admission {
    /// It is kept, and will be sent.
    KEPT,
    /// As much is unanswered as may be.
    TOO_MANY,
    /// An unanswered request has the same id.
    ID_IN_USE
  }

  /// Keeps a line. Requests leave the others as much room again, so that a client that has sent too
  /// many can still cancel them and answer what it is asked.
  Admission keep(Message message, boolean modern) {
    lock.lock();
    try {
      boolean request = message.kind() == Message.Kind.REQUEST;
      if (request && find(message.rawId()) != null) {
        return Admission.ID_IN_USE;
      }
      int room = request ? 1 : 2;
      if (lines.size() >= room * limits.keptLines()
          || bytes + message.bytes().length > room * limits.keptBytes()) {
        return Admission.TOO_MANY;
      }
      long order = nextOrder++;
      lines.put(order, new KeptLine(order, message, modern, nanoTime.getAsLong()));
      bytes += message.bytes().length;
      changed.signalAll();
      return Admission.KEPT;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable KeptLine find(String rawId) {
    for (var line : lines.values()) {
      if (line.isRequest() && line.message.rawId().equals(rawId)) {
        return line;
      }
    }
    return null;
  }

  /// Waits until a line can be sent, at most so long.
  ///
  /// @return false when none can
  boolean awaitSendable(long millis) throws InterruptedException {
    return await(millis, () -> sendable() != null);
  }

  /// Takes the first line that can be sent, or null when none can.
  @Nullable KeptLine takeSendable(Exchange exchange) {
    lock.lock();
    try {
      var line = sendable();
      if (line != null) {
        line.exchange = exchange;
        line.sends++;
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable KeptLine sendable() {
    long now = nanoTime.getAsLong();
    for (var line : lines.values()) {
      if (line.exchange == null && line.notBeforeNanos - now <= 0) {
        return line;
      }
    }
    return null;
  }

  /// Takes a line out, once: who gets true is the one to answer it.
  boolean finish(KeptLine line) {
    lock.lock();
    try {
      if (lines.remove(line.order) == null) {
        return false;
      }
      bytes -= line.message.bytes().length;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Puts a line back among those that wait, unless it was taken out or is on another way already.
  ///
  /// @param pauseMillis how long it waits at least
  /// @return true when it will be sent again
  boolean again(KeptLine line, Exchange exchange, long pauseMillis) {
    lock.lock();
    try {
      if (line.exchange != exchange || !lines.containsKey(line.order)) {
        return false;
      }
      line.exchange = null;
      line.notBeforeNanos = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The client does not want that request's answer.
  ///
  /// @return the request, or null when it is not kept
  @Nullable KeptLine cancel(String rawId) {
    lock.lock();
    try {
      var line = find(rawId);
      if (line != null) {
        line.cancelled = true;
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  /// Those to which this applies now.
  List<KeptLine> which(Predicate<KeptLine> wanted) {
    lock.lock();
    try {
      return new ArrayList<>(lines.values().stream().filter(wanted).toList());
    } finally {
      lock.unlock();
    }
  }

  /// Ends all exchanges with another daemon than that one, and waits until their lines are back, so
  /// that they are sent again in their order.
  void returnFromOthers(Daemons.Daemon present, long mostMillis) throws InterruptedException {
    Predicate<KeptLine> elsewhere =
        line -> line.exchange != null && !line.exchange.daemon().front().equals(present.front());
    for (var line : which(elsewhere)) {
      var exchange = line.exchange;
      if (exchange != null) {
        exchange.close();
      }
    }
    await(mostMillis, () -> lines.values().stream().noneMatch(elsewhere));
  }

  /// Waits until there is any line, or the end.
  void awaitAny() throws InterruptedException {
    lock.lock();
    try {
      while (lines.isEmpty() && !ended) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything is dealt with but subscriptions, which never end by themselves.
  void awaitSettled(long millis) throws InterruptedException {
    await(millis, () -> lines.values().stream().allMatch(KeptLine::isSubscription));
  }

  /// Waits so long, or until the end.
  void pause(long millis) throws InterruptedException {
    await(millis, () -> false);
  }

  /// Nothing is sent any more.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private interface Wanted {
    boolean isTrue();
  }

  private boolean await(long millis, Wanted wanted) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      // A line may become sendable by the passing of time alone.
      long step = TimeUnit.MILLISECONDS.toNanos(10);
      while (!ended && !wanted.isTrue()) {
        if (left <= 0) {
          return false;
        }
        boolean timed = lines.values().stream().anyMatch(line -> line.exchange == null);
        long slice = timed ? Math.min(step, left) : left;
        left -= slice - Math.max(0, changed.awaitNanos(slice));
      }
      return wanted.isTrue();
    } finally {
      lock.unlock();
    }
  }
}
