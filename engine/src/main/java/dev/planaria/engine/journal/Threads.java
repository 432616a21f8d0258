package dev.planaria.engine.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Where the engine's work runs, and how one piece of it waits for another. Handed in, so that a
/// simulation decides who goes on when; everything else uses [#REAL]. Thread-safe.
///
/// Only what may last is waited for here: for the disk, for a thread's end, for a lock whose holder
/// waits for the disk. A lock that is held for some instructions is taken without asking.
public interface Threads {

  /// The threads of the machine.
  Threads REAL = new MachineThreads();

  /// Starts work that goes on for long, on a thread of its own that keeps no process alive.
  ///
  /// @return complete when it has ended, exceptionally with what it threw
  CompletableFuture<@Nullable Void> start(String name, Runnable work);

  /// Starts work that is short or waits most of the time.
  ///
  /// @return complete when it has ended, exceptionally with what it threw
  CompletableFuture<@Nullable Void> startSmall(Runnable work);

  /// Returns when the future is complete, in whatever way.
  void await(CompletableFuture<?> future);

  /// Takes a lock whose holder may wait here.
  void lock(ReentrantLock lock);

  /// Takes a permit of a semaphore.
  void acquire(Semaphore permits);

  /// Gives a lock back until something holds or the time is over, and has it again then. Who makes
  /// it hold signals the condition.
  ///
  /// @param lock held by the caller
  /// @param changed of that lock
  /// @param atMostNanos `Long.MAX_VALUE` for as long as it takes
  /// @return false when the thread was interrupted meanwhile; it is still marked so
  boolean await(ReentrantLock lock, Condition changed, BooleanSupplier holds, long atMostNanos);
}
