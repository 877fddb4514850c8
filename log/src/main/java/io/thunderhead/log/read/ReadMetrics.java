package io.thunderhead.log.read;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.function.Consumer;

/** What reading a topic counts. */
final class ReadMetrics {
  final Counter appliedRecords;
  final Counter pollErrors;
  final Counter readerRestarts;
  final Counter gaps;
  final Counter rewinds;
  final Counter endOffsetErrors;
  final Counter discoveryErrors;

  ReadMetrics(
      String topic, ReplayProgress progress, InstantSource clock, PrometheusRegistry registry) {
    appliedRecords =
        counter("applied_records", "Records applied; a packed one counts once.", registry);
    pollErrors =
        Counter.builder()
            .name("thunderhead_log_poll_errors")
            .help("Polls that failed, by what kind of thing went wrong.")
            .labelNames("topic", "kind")
            .register(registry);
    readerRestarts =
        counter("reader_restarts", "Reader threads that died and were replaced.", registry);
    gaps =
        counter(
            "gaps", "Times that the log no longer held what was still to be applied.", registry);
    rewinds =
        counter(
            "rewinds",
            "Partitions read again from the beginning because their offsets started anew.",
            registry);
    endOffsetErrors =
        counter("end_offset_errors", "Requests for the end offsets that failed.", registry);
    discoveryErrors =
        counter("discovery_errors", "Requests for the topic's partitions that failed.", registry);
    perPartition(
        "thunderhead_log_partition_lag_records",
        "Records logged and not yet applied, by the last answered end offset.",
        registry,
        callback ->
            progress
                .partitions()
                .forEach(state ->
                    callback.call(
                        (double) state.lag(), topic, Integer.toString(state.partition()))));
    perPartition(
        "thunderhead_log_partition_age_seconds",
        "How long ago the moment is up to which everything logged is applied.",
        registry,
        callback ->
            progress.partitions().stream()
                .filter(state -> state.asOfMs() > 0)
                .forEach(state ->
                    callback.call(
                        Math.max(0, clock.millis() - state.asOfMs()) / 1000.0,
                        topic,
                        Integer.toString(state.partition()))));
  }

  private static Counter counter(String name, String help, PrometheusRegistry registry) {
    return Counter.builder()
        .name("thunderhead_log_" + name)
        .help(help)
        .labelNames("topic")
        .register(registry);
  }

  private static void perPartition(
      String name,
      String help,
      PrometheusRegistry registry,
      Consumer<GaugeWithCallback.Callback> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("topic", "partition")
        .callback(values)
        .register(registry);
  }
}
