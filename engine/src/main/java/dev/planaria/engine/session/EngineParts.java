package dev.planaria.engine.session;

import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.storage.Store;
import java.util.concurrent.Semaphore;

/// What every session of an engine shares.
///
/// @param store where everything lies
/// @param writer the one thread that writes to it
/// @param epoch the fencing token of this opening
/// @param settings bounds
/// @param environment clock, ids and randomness
/// @param guarantees what is promised
/// @param pending one permit per operation that may wait for the disk
record EngineParts(
    Store store,
    GroupCommit writer,
    long epoch,
    EngineSettings settings,
    EngineEnvironment environment,
    EngineGuarantees guarantees,
    Semaphore pending) {

  long nowMillis() {
    return environment.nowMillis().getAsLong();
  }
}
