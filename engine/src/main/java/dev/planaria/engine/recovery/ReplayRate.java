package dev.planaria.engine.recovery;

import java.util.concurrent.atomic.LongAdder;

/// How fast operations are replayed on this machine, measured over every recovery so far.
/// Thread-safe.
final class ReplayRate {

  private final LongAdder operations = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  void measured(long replayed, long tookNanos) {
    operations.add(replayed);
    nanos.add(tookNanos);
  }

  /// 0 before anything was measured.
  double operationsPerSecond() {
    long took = nanos.sum();
    return took == 0 ? 0 : operations.sum() * 1e9 / took;
  }
}
