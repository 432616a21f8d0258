package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.journal.LatencyHistogram;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRecord.Failure;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What the parts of an engine count as they go. Thread-safe.
final class EngineTally {

  private final Detections detections = new Detections();
  private final LatencyHistogram checkpointing = new LatencyHistogram();
  private final LongAdder full = new LongAdder();
  private final LongAdder incremental = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Map<Failure, Attempts> recoveries = new EnumMap<>(Failure.class);

  /// Recoveries of one kind of failure.
  private record Attempts(LongAdder well, LongAdder ill) {}

  EngineTally() {
    for (Failure failure : Failure.values()) {
      recoveries.put(failure, new Attempts(new LongAdder(), new LongAdder()));
    }
  }

  Detections detections() {
    return detections;
  }

  /// A checkpoint was taken and verified.
  void checkpointed(CheckpointInfo info, long tookNanos) {
    (info.kind() == CheckpointInfo.Kind.FULL ? full : incremental).increment();
    bytes.add(info.bytes());
    checkpointing.record(tookNanos);
  }

  /// A checkpoint could not be taken.
  void checkpointFailed() {
    failed.increment();
  }

  /// A session was recovered, or not.
  void recovered(RecoveryRecord record) {
    Attempts attempts = recoveries.get(record.failure());
    if (attempts != null) {
      (record.success() ? attempts.well() : attempts.ill()).increment();
    }
  }

  CheckpointCounts checkpoints() {
    return new CheckpointCounts(
        full.sum(), incremental.sum(), failed.sum(), bytes.sum(), checkpointing.read());
  }

  long recoveries(Failure failure, boolean success) {
    Attempts attempts = recoveries.get(failure);
    return attempts == null ? 0 : (success ? attempts.well() : attempts.ill()).sum();
  }
}
