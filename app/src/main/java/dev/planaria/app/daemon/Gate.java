package dev.planaria.app.daemon;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets requests in until the process is to end. Thread-safe.
///
/// Who comes after that is neither refused nor served: it waits at the gate, without an answer, and
/// the front carries it to the next process.
final class Gate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;
  private int inside;

  /// Goes in; for ever outside once the gate is closed.
  void enter() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (closed) {
        changed.await();
      }
      inside++;
    } finally {
      lock.unlock();
    }
  }

  /// Goes out.
  void leave() {
    lock.lock();
    try {
      inside--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Closes the gate and waits for those inside.
  ///
  /// @return false when some were still inside after that time
  boolean closeAndAwait(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      closed = true;
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (inside > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inside == 0;
    } finally {
      lock.unlock();
    }
  }

  /// How many are inside.
  int inside() {
    lock.lock();
    try {
      return inside;
    } finally {
      lock.unlock();
    }
  }
}
