package dev.planaria.chaos.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets callers begin a call, or makes them wait, and knows how many are at it. Thread-safe.
final class Gate {

  private enum Position {
    OPEN,
    SHUT,
    GONE
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Position position = Position.OPEN;
  private int inside;

  /// Waits until it is open.
  ///
  /// @return false when it will never be again
  boolean enter() throws InterruptedException {
    lock.lock();
    try {
      while (position == Position.SHUT) {
        changed.await();
      }
      if (position == Position.GONE) {
        return false;
      }
      inside++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inside--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Shuts, and waits until nobody is inside.
  ///
  /// @return false when somebody still is after that time
  boolean shut(long timeoutMillis) throws InterruptedException {
    return move(Position.SHUT, timeoutMillis);
  }

  /// Opens again.
  void open() {
    lock.lock();
    try {
      if (position == Position.SHUT) {
        position = Position.OPEN;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets nobody in any more, and waits until nobody is inside.
  boolean end(long timeoutMillis) throws InterruptedException {
    return move(Position.GONE, timeoutMillis);
  }

  private boolean move(Position next, long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      if (position != Position.GONE) {
        position = next;
      }
      changed.signalAll();
      while (inside > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inside == 0;
    } finally {
      lock.unlock();
    }
  }
}
