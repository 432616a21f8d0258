package dev.planaria.engine.session;

import dev.planaria.engine.journal.Threads;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What the engine takes from the outside world, handed in so that tests and simulations decide it.
///
/// @param nowMillis Unix time in milliseconds
/// @param nanoTime a monotonic clock in nanoseconds
/// @param newId fresh UUIDv7 values, for sessions, operations and recoveries
/// @param newToken fresh texts of at least 128 random bits, for leases
/// @param listener is told what happens to sessions; called by several threads, one of which a
///   session waits for, so it must return soon and must not call the engine. What it throws is
///   logged and changes nothing
/// @param threads where the engine's work runs
/// @param lastAliveMillis when the process before this one was known to be well, Unix time, or 0;
///   asked when it has failed and nobody has watched it. The newest operation on disk is a sign of
///   life too, so that nobody needs to know
public record EngineEnvironment(
    LongSupplier nowMillis,
    LongSupplier nanoTime,
    Supplier<UUID> newId,
    Supplier<String> newToken,
    Consumer<EngineEvent> listener,
    Threads threads,
    LongSupplier lastAliveMillis) {

  /// An environment on the threads of the machine.
  public EngineEnvironment(
      LongSupplier nowMillis,
      LongSupplier nanoTime,
      Supplier<UUID> newId,
      Supplier<String> newToken,
      Consumer<EngineEvent> listener) {
    this(nowMillis, nanoTime, newId, newToken, listener, Threads.REAL, () -> 0);
  }

  /// An environment in which nobody listens.
  public EngineEnvironment(
      LongSupplier nowMillis,
      LongSupplier nanoTime,
      Supplier<UUID> newId,
      Supplier<String> newToken) {
    this(nowMillis, nanoTime, newId, newToken, event -> {});
  }

  /// The same with somebody who listens.
  public EngineEnvironment heardBy(Consumer<EngineEvent> newListener) {
    return new EngineEnvironment(
        nowMillis, nanoTime, newId, newToken, newListener, threads, lastAliveMillis);
  }

  /// The same on other threads.
  public EngineEnvironment runBy(Threads newThreads) {
    return new EngineEnvironment(
        nowMillis, nanoTime, newId, newToken, listener, newThreads, lastAliveMillis);
  }

  /// The same with somebody who knows when the process before this one was well.
  public EngineEnvironment lastAlive(LongSupplier known) {
    return new EngineEnvironment(nowMillis, nanoTime, newId, newToken, listener, threads, known);
  }
}
