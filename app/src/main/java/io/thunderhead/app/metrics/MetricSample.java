package io.thunderhead.app.metrics;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reading of a registry. Names are without {@code _total}. A metric that the role doesn't have
 * is NaN, not 0, so that nobody takes the one for the other.
 */
public final class MetricSample {
  private final long nanoTime;
  private final Map<String, Map<Labels, Double>> values = new HashMap<>();
  private final Map<String, TreeMap<Double, Long>> buckets = new HashMap<>();

  private MetricSample(long nanoTime) {
    this.nanoTime = nanoTime;
  }

  public static MetricSample of(PrometheusRegistry registry) {
    MetricSample sample = new MetricSample(System.nanoTime());
    registry.scrape().forEach(sample::add);
    return sample;
  }

  private void add(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    switch (snapshot) {
      case CounterSnapshot counter ->
          counter.getDataPoints().forEach(point -> add(name, point, point.getValue()));
      case GaugeSnapshot gauge ->
          gauge.getDataPoints().forEach(point -> add(name, point, point.getValue()));
      case HistogramSnapshot histogram ->
          histogram.getDataPoints().forEach(point -> addHistogram(name, point));
      default -> {}
    }
  }

  private void add(String name, DataPointSnapshot point, double value) {
    values.computeIfAbsent(name, n -> new HashMap<>()).merge(point.getLabels(), value, Double::sum);
  }

  private void addHistogram(String name, HistogramSnapshot.HistogramDataPointSnapshot histogram) {
    add(name, histogram, (double) histogram.getCount());
    TreeMap<Double, Long> counts = buckets.computeIfAbsent(name, n -> new TreeMap<>());
    for (ClassicHistogramBucket bucket : histogram.getClassicBuckets()) {
      counts.merge(bucket.getUpperBound(), bucket.getCount(), Long::sum);
    }
  }

  /** A counter's or gauge's value, a histogram's count, over all labels; NaN if there is none. */
  public double value(String name) {
    return values.getOrDefault(name, Map.of()).values().stream()
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /** The same where a label has a value; 0 if the metric is there without it. */
  public double value(String name, String label, String labelValue) {
    return byLabel(name, label).getOrDefault(labelValue, values.containsKey(name) ? 0 : Double.NaN);
  }

  /** The values of a metric by those of one of its labels. */
  public Map<String, Double> byLabel(String name, String label) {
    Map<String, Double> byLabel = new TreeMap<>();
    values
        .getOrDefault(name, Map.of())
        .forEach((labels, value) -> {
          String labelValue = labels.get(label);
          if (labelValue != null) {
            byLabel.merge(labelValue, value, Double::sum);
          }
        });
    return byLabel;
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
