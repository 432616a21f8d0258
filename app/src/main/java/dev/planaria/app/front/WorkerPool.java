package dev.planaria.app.front;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The way to the worker that is ready, and the place where requests wait while none is. Each
/// worker that is started is a *generation* of its own, with its own socket and connections;
/// nothing of one generation is ever used with the next. Thread-safe.
final class WorkerPool {

  /// A call asks how its worker ended within moments of that end.
  private static final int ENDS_KEPT = 64;

  private static final long END_NOTICE_MILLIS = 100;

  private record Generation(long number, UnixDomainSocketAddress address, Deque<WorkerLink> idle) {}

  private final ForwardingSettings settings;
  private final Supplier<String> condition;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Generation current;
  private final Map<Long, WorkerEnd> ends = new LinkedHashMap<>();
  private boolean closed;

  /// @param condition says in words why no worker is ready
  WorkerPool(ForwardingSettings settings, Supplier<String> condition) {
    this.settings = settings;
    this.condition = condition;
  }

  /// A worker is ready: requests that wait go to it.
  void open(long generation, Path socket) {
    lock.lock();
    try {
      current = new Generation(generation, UnixDomainSocketAddress.of(socket), new ArrayDeque<>());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The worker takes no more requests: new ones wait for the next. What is under way goes on.
  void hold(long generation) {
    lock.lock();
    try {
      var leaving = current;
      if (leaving != null && leaving.number == generation) {
        current = null;
        leaving.idle.forEach(WorkerLink::close);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The worker is gone, and how.
  void ended(long generation, WorkerEnd end) {
    hold(generation);
    lock.lock();
    try {
      ends.put(generation, end);
      if (ends.size() > ENDS_KEPT) {
        ends.remove(ends.keySet().iterator().next());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// How the worker ended whose connection broke, or null when it lives. A connection breaks some
  /// moments before the monitor knows why, so this waits a little for its word.
  ///
  /// @param perhapsStale when a living worker is likely to have closed the connection, the wait is
  ///   as short as a death takes to be noticed
  @Nullable WorkerEnd endOf(long generation, boolean perhapsStale) throws InterruptedException {
    var waitMillis = perhapsStale ? settings.linkRetryMillis() : END_NOTICE_MILLIS;
    var leftNanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lockInterruptibly();
    try {
      while (!ends.containsKey(generation) && leftNanos > 0) {
        leftNanos = changed.awaitNanos(leftNanos);
      }
      return ends.get(generation);
    } finally {
      lock.unlock();
    }
  }

  /// No worker will come any more; whoever waits is refused.
  void close() {
    lock.lock();
    try {
      closed = true;
      current = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A connection to the worker that is ready, as soon as one is.
  ///
  /// @throws Refusal (503) when none was ready in time
  WorkerLink take() throws Refusal, InterruptedException {
    var leftNanos = TimeUnit.MILLISECONDS.toNanos(settings.workerWaitMillis());
    while (true) {
      Generation chosen;
      lock.lockInterruptibly();
      try {
        while (current == null) {
          if (closed || leftNanos <= 0) {
            throw Refusal.of(503, "no worker is ready: " + condition.get());
          }
          leftNanos = changed.awaitNanos(leftNanos);
        }
        chosen = current;
        var kept = chosen.idle.pollFirst();
        if (kept != null) {
          return kept;
        }
      } finally {
        lock.unlock();
      }
      try {
        return WorkerLink.connect(chosen.number, chosen.address);
      } catch (IOException _) {
        leftNanos = awaitChange(chosen, leftNanos);
      }
    }
  }

  /// The worker did not take a connection, so it is dying, and the monitor is about to know. Waits
  /// a moment for that.
  private long awaitChange(Generation dying, long leftNanos) throws InterruptedException, Refusal {
    var pauseNanos = TimeUnit.MILLISECONDS.toNanos(settings.linkRetryMillis());
    if (leftNanos <= 0) {
      throw Refusal.of(503, "the worker takes no connection");
    }
    lock.lockInterruptibly();
    try {
      var pauseLeftNanos = pauseNanos;
      while (isCurrent(dying.number) && pauseLeftNanos > 0) {
        pauseLeftNanos = changed.awaitNanos(pauseLeftNanos);
      }
      return leftNanos - pauseNanos + Math.max(0, pauseLeftNanos);
    } finally {
      lock.unlock();
    }
  }

  private boolean isCurrent(long number) {
    var present = current;
    return present != null && present.number == number;
  }

  /// Keeps a connection whose answer was read to the end; closes any other.
  void giveBack(WorkerLink link) {
    if (link.rest()) {
      lock.lock();
      try {
        var present = current;
        if (present != null
            && present.number == link.generation()
            && present.idle.size() < settings.idleLinks()) {
          present.idle.addFirst(link);
          return;
        }
      } finally {
        lock.unlock();
      }
    }
    link.close();
  }

  /// Forgets the kept connections of a generation, after one of them turned out to be closed.
  void dropIdle(long generation) {
    lock.lock();
    try {
      var present = current;
      if (present != null && present.number == generation) {
        present.idle.forEach(WorkerLink::close);
        present.idle.clear();
      }
    } finally {
      lock.unlock();
    }
  }
}
