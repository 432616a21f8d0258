package dev.planaria.app.metrics;

import dev.planaria.engine.journal.LatencyHistogram.Bucket;
import dev.planaria.engine.journal.LatencyHistogram.Latencies;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Supplier;

/// A histogram that the engine keeps, as Prometheus knows histograms. Micrometer has no meter for
/// buckets that somebody else has counted.
///
/// @param name of the metric, with its unit
/// @param help what it is, in a sentence
/// @param latencies what was counted so far
record LatencyCollector(String name, String help, Supplier<Latencies> latencies)
    implements Collector {

  @Override
  public MetricSnapshot collect() {
    Latencies counted = latencies.get();
    var buckets = ClassicHistogramBuckets.builder();
    for (Bucket bucket : counted.buckets()) {
      buckets.bucket(bucket.mostNanos() / 1e9, bucket.count());
    }
    buckets.bucket(Double.POSITIVE_INFINITY, counted.longer());
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(counted.sumNanos() / 1e9)
                .build())
        .build();
  }
}
