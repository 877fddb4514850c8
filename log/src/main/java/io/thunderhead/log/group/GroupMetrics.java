package io.thunderhead.log.group;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.apache.kafka.common.TopicPartition;

/** The metrics that every role which reads in a group has, under its own name. */
final class GroupMetrics {
  private final Counter restarts;
  private final Counter commitFailures;
  private final Counter skippedOffsets;
  private final Counter backPressureSeconds;
  private final Gauge commitLag;
  private final Gauge stalledSeconds;
  private final Gauge inFlightRecords;
  private final Gauge inFlightBytes;

  GroupMetrics(String role, PrometheusRegistry registry) {
    String prefix = "thunderhead_" + role + "_";
    restarts =
        Counter.builder()
            .name(prefix + "restarts_total")
            .help("Loops started again after a failure, by its kind")
            .labelNames("cause")
            .register(registry);
    commitFailures =
        Counter.builder()
            .name(prefix + "commit_failures_total")
            .help("Commits that the group refused or did not answer; the next one covers them")
            .register(registry);
    skippedOffsets =
        Counter.builder()
            .name(prefix + "skipped_offsets_total")
            .help("Offsets that retention deleted before they were read")
            .labelNames("topic", "partition")
            .register(registry);
    backPressureSeconds =
        Counter.builder()
            .name(prefix + "back_pressure_seconds_total")
            .help("Time that loops had their partitions paused, for want of room for more")
            .register(registry);
    commitLag =
        Gauge.builder()
            .name(prefix + "commit_lag_records")
            .help("Records between the committed offset and the partition's end")
            .labelNames("topic", "partition")
            .register(registry);
    stalledSeconds =
        Gauge.builder()
            .name(prefix + "commit_stalled_seconds")
            .help("How long nothing was committed although there was lag; at 60 not ready")
            .labelNames("topic", "partition")
            .register(registry);
    inFlightRecords =
        Gauge.builder()
            .name(prefix + "in_flight_records")
            .help("Records handed over but not yet safe, by loop")
            .labelNames("loop")
            .register(registry);
    inFlightBytes =
        Gauge.builder()
            .name(prefix + "in_flight_bytes")
            .help("Bytes of the records handed over but not yet safe, by loop")
            .labelNames("loop")
            .register(registry);
  }

  void restarted(Throwable cause) {
    restarts.labelValues(cause.getClass().getSimpleName()).inc();
  }

  void commitFailed() {
    commitFailures.inc();
  }

  void backPressure(long nanos) {
    backPressureSeconds.inc(nanos / 1e9);
  }

  void skipped(TopicPartition partition, long offsets) {
    skippedOffsets.labelValues(labels(partition)).inc((double) offsets);
  }

  void lag(TopicPartition partition, long records, double stalled) {
    commitLag.labelValues(labels(partition)).set((double) records);
    stalledSeconds.labelValues(labels(partition)).set(stalled);
  }

  /** A partition that somebody else reads now is theirs to report. */
  void gone(TopicPartition partition) {
    commitLag.remove(labels(partition));
    stalledSeconds.remove(labels(partition));
  }

  void inFlight(int loop, long records, long bytes) {
    String label = Integer.toString(loop);
    inFlightRecords.labelValues(label).set((double) records);
    inFlightBytes.labelValues(label).set((double) bytes);
  }

  private static String[] labels(TopicPartition partition) {
    return new String[] {partition.topic(), Integer.toString(partition.partition())};
  }
}
