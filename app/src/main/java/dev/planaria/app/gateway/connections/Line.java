package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The way to a server: open while new requests may be sent, closed while there is no conversation
/// or the conversation is still catching up. Requests take turns on it as the profile wants it. Who
/// finds it closed begins to wait; while it is held, nobody does, so that those who wait already
/// come to an end however many others come. Thread-safe.
final class Line {
  /// Held for reading by those who decide by whether it is open, for writing when that changes.
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition opened = lock.newCondition();
  private final Condition left = lock.newCondition();
  private final int maxInFlight;
  private final long gapNanos;
  private volatile @Nullable UpstreamSession open;
  private volatile boolean held;
  private int inFlight;

  Line(Profile.Pace pace) {
    this.maxInFlight = pace.maxInFlight() == 0 ? Integer.MAX_VALUE : pace.maxInFlight();
    this.gapNanos = TimeUnit.MILLISECONDS.toNanos(pace.gapMillis());
  }

  /// The conversation, as soon as it may be used; null when it did not come in time.
  @Nullable UpstreamSession await(long timeoutMillis) throws InterruptedException {
    UpstreamSession now = open;
    if (now != null || timeoutMillis <= 0) {
      return now;
    }
    long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (open == null && nanos > 0) {
        nanos = opened.awaitNanos(nanos);
      }
      return open;
    } finally {
      lock.unlock();
    }
  }

  /// The conversation, if it may be used now.
  @Nullable UpstreamSession present() {
    return open;
  }

  /// Opens, unless something still waits.
  ///
  /// @param caughtUp asked while nothing can begin to wait
  /// @return false when something waits
  boolean openIf(UpstreamSession session, BooleanSupplier caughtUp) {
    gate.writeLock().lock();
    try {
      if (!caughtUp.getAsBoolean()) {
        return false;
      }
      open = session;
    } finally {
      gate.writeLock().unlock();
    }
    release();
    return true;
  }

  /// From now on nobody decides anything, until it opens, closes, or is released.
  void hold() {
    gate.writeLock().lock();
    try {
      held = true;
    } finally {
      gate.writeLock().unlock();
    }
  }

  /// Ends [#hold].
  void release() {
    lock.lock();
    try {
      held = false;
      opened.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Decides something by whether the line is open, while that does not change.
  ///
  /// @param heldMillis for how long at most, while the line is held
  /// @param decision is handed the open conversation, or null
  <T extends @Nullable Object> T decide(
      long heldMillis, Function<@Nullable UpstreamSession, T> decision)
      throws InterruptedException {
    if (held) {
      awaitRelease(heldMillis);
    }
    gate.readLock().lock();
    try {
      return decision.apply(open);
    } finally {
      gate.readLock().unlock();
    }
  }

  private void awaitRelease(long timeoutMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (held && nanos > 0) {
        nanos = opened.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on requests wait.
  void close() {
    gate.writeLock().lock();
    try {
      open = null;
    } finally {
      gate.writeLock().unlock();
    }
    release();
  }

  /// True while a request is at the server.
  boolean isBusy() {
    lock.lock();
    try {
      return inFlight > 0;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a turn.
  void enter() throws InterruptedException {
    lock.lock();
    try {
      while (inFlight >= maxInFlight) {
        left.await();
      }
      inFlight++;
    } finally {
      lock.unlock();
    }
  }

  /// Ends a turn, after the pause that the profile wants.
  void leave() {
    lock.lock();
    try {
      long nanos = gapNanos;
      while (nanos > 0) {
        nanos = opened.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inFlight--;
      left.signal();
      lock.unlock();
    }
  }
}
