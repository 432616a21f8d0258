package dev.planaria.engine.session;

import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.Threads;
import dev.planaria.engine.storage.Store;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// What every session of an engine shares.
///
/// @param store where everything lies
/// @param writer the one thread that writes to it
/// @param epoch the fencing token of this opening
/// @param settings bounds
/// @param environment clock, ids and randomness, and who listens
/// @param guarantees what is promised
/// @param pending one permit per operation that may wait for the disk
/// @param tally what is counted
record EngineParts(
    Store store,
    GroupCommit writer,
    long epoch,
    EngineSettings settings,
    EngineEnvironment environment,
    EngineGuarantees guarantees,
    Semaphore pending,
    EngineTally tally) {

  long nowMillis() {
    return environment.nowMillis().getAsLong();
  }

  Threads threads() {
    return environment.threads();
  }

  /// What checks have found.
  Detections detections() {
    return tally.detections();
  }

  /// Where the tokens of leases come from.
  Supplier<String> leaseTokens() {
    return guarantees.freshLeaseTokens() ? environment.newToken() : () -> "the same for all";
  }

  /// Takes a permit for an operation that will wait for the disk.
  void acquirePending() {
    threads().acquire(pending);
  }

  /// Tells whoever listens. A listener that breaks must not break a session.
  void tell(EngineEvent event) {
    try {
      environment.listener().accept(event);
    } catch (RuntimeException e) {
      System.getLogger(EngineParts.class.getName())
          .log(System.Logger.Level.WARNING, "the listener failed on " + event, e);
    }
  }
}
