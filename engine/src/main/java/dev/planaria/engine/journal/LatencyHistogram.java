package dev.planaria.engine.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// How often something took how long, in buckets that never change. Thread-safe; counting costs a
/// few nanoseconds.
public final class LatencyHistogram {

  /// From well below a commit on the fastest disk to what callers give up at.
  private static final long[] BOUNDS_MICROS = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  private final List<LongAdder> counts = new ArrayList<>();
  private final LongAdder nanos = new LongAdder();

  /// What was counted.
  ///
  /// @param buckets the bounds with what lies between each and the one before, in order
  /// @param longer how many took longer than the last bound
  /// @param sumNanos all of them together, in nanoseconds
  public record Latencies(List<Bucket> buckets, long longer, long sumNanos) {

    /// Copies the list.
    public Latencies {
      buckets = List.copyOf(buckets);
    }

    /// How many there were.
    public long count() {
      return longer + buckets.stream().mapToLong(Bucket::count).sum();
    }
  }

  /// A bucket.
  ///
  /// @param mostNanos what belongs to it took so long at most, in nanoseconds
  /// @param count how many there were that do not belong to the bucket before
  public record Bucket(long mostNanos, long count) {}

  /// Nothing was counted yet.
  public LatencyHistogram() {
    for (int i = 0; i <= BOUNDS_MICROS.length; i++) {
      counts.add(new LongAdder());
    }
  }

  /// Counts one.
  public void record(long tookNanos) {
    long micros = TimeUnit.NANOSECONDS.toMicros(tookNanos + 999);
    int bucket = 0;
    while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
      bucket++;
    }
    counts.get(bucket).increment();
    nanos.add(Math.max(0, tookNanos));
  }

  /// What was counted so far.
  public Latencies read() {
    var buckets = new ArrayList<Bucket>();
    for (int i = 0; i < BOUNDS_MICROS.length; i++) {
      buckets.add(new Bucket(TimeUnit.MICROSECONDS.toNanos(BOUNDS_MICROS[i]), counts.get(i).sum()));
    }
    return new Latencies(buckets, counts.getLast().sum(), nanos.sum());
  }
}
