package dev.planaria.engine.session;

import dev.planaria.engine.journal.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What becomes of a session's first operation, which decides for everybody who already knows its
/// name. Thread-safe.
final class Birth {

  private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
  private final Threads threads;

  Birth(Threads threads) {
    this.threads = threads;
  }

  /// Of a session that has been on disk for long.
  static Birth done(Threads threads) {
    var birth = new Birth(threads);
    birth.outcome.complete(null);
    return birth;
  }

  /// Runs the first operation; its fate is everybody's.
  Committed decide(Supplier<Committed> firstOperation) {
    try {
      Committed committed = firstOperation.get();
      outcome.complete(null);
      return committed;
    } catch (RuntimeException e) {
      outcome.completeExceptionally(e);
      throw e;
    }
  }

  /// Waits for the first operation; throws what it threw.
  void await() {
    threads.await(outcome);
    try {
      outcome.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// True when the store took nothing of it, so that the name is free again.
  boolean failedForGood() {
    return outcome.isCompletedExceptionally() && outcome.exceptionNow() instanceof StoreUnavailable;
  }
}
