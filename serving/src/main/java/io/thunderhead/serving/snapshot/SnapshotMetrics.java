package io.thunderhead.serving.snapshot;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.DoubleSupplier;

/** What writing and loading snapshots counts; all zero where there are none. */
public final class SnapshotMetrics {
  final Counter written;
  final Counter unchanged;
  final Counter failures;
  final Counter refused;
  final Gauge sizeBytes;
  final Gauge posts;
  final Gauge durationSeconds;
  final Gauge loadedPosts;
  final Gauge loadSeconds;

  private volatile DoubleSupplier ageSeconds = () -> 0;

  public SnapshotMetrics(PrometheusRegistry registry) {
    written = counter("written", "Snapshots written and published.", registry);
    unchanged =
        counter(
            "unchanged",
            "Times that nothing was new since the last snapshot, which stays.",
            registry);
    failures =
        Counter.builder()
            .name("thunderhead_snapshot_failures")
            .help("Snapshots that could not be written, by reason: disk_full, io, failed.")
            .labelNames("reason")
            .register(registry);
    refused =
        Counter.builder()
            .name("thunderhead_snapshot_refused")
            .help(
                "Snapshots not loaded at the start, by reason: damaged, unreadable, newer_version,"
                    + " other_topic, narrower_limits.")
            .labelNames("reason")
            .register(registry);
    sizeBytes = gauge("size_bytes", "The last snapshot's size.", registry);
    posts = gauge("posts", "Posts in the last snapshot.", registry);
    durationSeconds =
        gauge("duration_seconds", "From beginning to publishing the last snapshot.", registry);
    loadedPosts = gauge("loaded_posts", "Posts taken from a snapshot at the start.", registry);
    loadSeconds = gauge("load_seconds", "How long that took.", registry);
    GaugeWithCallback.builder()
        .name("thunderhead_snapshot_age_seconds")
        .help(
            "Since when the newest snapshot is no longer up to date, or since the start without one;"
                + " 0 where none are written.")
        .callback(callback -> callback.call(ageSeconds.getAsDouble()))
        .register(registry);
  }

  void age(DoubleSupplier seconds) {
    ageSeconds = seconds;
  }

  private static Counter counter(String name, String help, PrometheusRegistry registry) {
    return Counter.builder().name("thunderhead_snapshot_" + name).help(help).register(registry);
  }

  private static Gauge gauge(String name, String help, PrometheusRegistry registry) {
    return Gauge.builder().name("thunderhead_snapshot_" + name).help(help).register(registry);
  }
}
