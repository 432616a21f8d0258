package dev.planaria.engine.session;

import dev.planaria.engine.state.Limits;

/// How an engine runs. Every bound has a default and a reason.
///
/// @param limits what one session may hold
/// @param sessions how many sessions a store may hold; the catalogue is in memory
/// @param pendingOperations how many operations may wait for the disk at once; beyond that callers
///   wait their turn
/// @param frameBytes largest frame; one frame is one fsync, and must fit in memory twice
/// @param commitTimeoutMillis how long a caller waits for the disk before the outcome is called
///   unknown
/// @param operationIdDays how long operation ids are kept
/// @param operationIdsPerSession how many are kept at most
/// @param checkpointOperations a session is checkpointed at the latest after so many operations
/// @param checkpointBytes or so many bytes of journal
/// @param checkpointMillis or so long after its last operation
public record EngineSettings(
    Limits limits,
    int sessions,
    int pendingOperations,
    int frameBytes,
    long commitTimeoutMillis,
    int operationIdDays,
    int operationIdsPerSession,
    long checkpointOperations,
    long checkpointBytes,
    long checkpointMillis) {

  /// What holds unless the operator says otherwise.
  public static final EngineSettings DEFAULT =
      new EngineSettings(
          Limits.DEFAULT, 200_000, 8_192, 8 << 20, 30_000, 7, 100_000, 10_000, 8L << 20, 120_000);
}
