package io.thunderhead.app.http;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reading of a registry, each metric summed over its labels. A metric that the role doesn't
 * have is NaN, not 0, so that nobody takes the one for the other.
 */
final class MetricSample {
  private final long nanoTime;
  private final Map<String, Double> values = new HashMap<>();
  private final Map<String, TreeMap<Double, Long>> buckets = new HashMap<>();

  MetricSample(MetricSnapshots snapshots, long nanoTime) {
    this.nanoTime = nanoTime;
    for (MetricSnapshot snapshot : snapshots) {
      String name = snapshot.getMetadata().getPrometheusName();
      switch (snapshot) {
        case CounterSnapshot counter ->
            counter.getDataPoints().forEach(p -> values.merge(name, p.getValue(), Double::sum));
        case GaugeSnapshot gauge ->
            gauge.getDataPoints().forEach(p -> values.merge(name, p.getValue(), Double::sum));
        case HistogramSnapshot histogram -> addBuckets(name, histogram);
        default -> {}
      }
    }
  }

  private void addBuckets(String name, HistogramSnapshot histogram) {
    TreeMap<Double, Long> counts = buckets.computeIfAbsent(name, n -> new TreeMap<>());
    for (HistogramSnapshot.HistogramDataPointSnapshot point : histogram.getDataPoints()) {
      values.merge(name, (double) point.getCount(), Double::sum);
      for (ClassicHistogramBucket bucket : point.getClassicBuckets()) {
        counts.merge(bucket.getUpperBound(), bucket.getCount(), Long::sum);
      }
    }
  }

  /** A counter's or gauge's value, a histogram's count, NaN if there is no such metric. */
  double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  /** How much a metric grew per second since an earlier sample. */
  double ratePerSecond(String name, MetricSample earlier) {
    double seconds = (nanoTime - earlier.nanoTime) / 1e9;
    double before = earlier.value(name);
    // A counter with labels appears with its first event.
    double grown = value(name) - (Double.isNaN(before) ? 0 : before);
    return seconds <= 0 ? Double.NaN : grown / seconds;
  }

  /**
   * A quantile of what a histogram observed since an earlier sample, interpolated inside its
   * bucket; NaN if it observed nothing.
   */
  double quantile(String name, double q, MetricSample earlier) {
    TreeMap<Double, Long> now = buckets.getOrDefault(name, new TreeMap<>());
    TreeMap<Double, Long> before = earlier.buckets.getOrDefault(name, new TreeMap<>());
    long total = 0;
    for (Map.Entry<Double, Long> bucket : now.entrySet()) {
      total += bucket.getValue() - before.getOrDefault(bucket.getKey(), 0L);
    }
    double rank = q * total;
    double lower = 0;
    long seen = 0;
    for (Map.Entry<Double, Long> bucket : now.entrySet()) {
      long count = bucket.getValue() - before.getOrDefault(bucket.getKey(), 0L);
      double upper = bucket.getKey();
      if (count > 0 && seen + count >= rank) {
        return Double.isInfinite(upper) ? lower : lower + (upper - lower) * (rank - seen) / count;
      }
      seen += count;
      lower = upper;
    }
    return Double.NaN;
  }
}
