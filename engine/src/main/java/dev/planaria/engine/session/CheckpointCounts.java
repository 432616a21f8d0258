package dev.planaria.engine.session;

import dev.planaria.engine.journal.LatencyHistogram.Latencies;

/// The checkpoints that were taken since the engine was opened.
///
/// @param full that stand alone
/// @param incremental that stand on another
/// @param failed that could not be written or did not read back as what was written
/// @param bytes of all that were taken
/// @param took how long each took, until it was verified
public record CheckpointCounts(
    long full, long incremental, long failed, long bytes, Latencies took) {}
