package io.thunderhead.pipeline.transform;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.protocol.RejectReason;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the transformer counts. An event is counted when its batch is safe, not when it is read, so
 * that at every moment
 *
 * <pre>  read = written + Σ filtered{reason} + Σ dead_lettered{reason}</pre>
 *
 * with what is under way in none of them, but in the gauge of records in flight. Events that are
 * read again after a failure were not counted before. The same numbers per partition, from the
 * group's beginning, are the ledger in the committed offsets.
 */
final class TransformCounters {
  private static final String PREFIX = "thunderhead_transform_";

  private final CounterDataPoint read;
  private final CounterDataPoint written;
  private final Map<FilterReason, CounterDataPoint> filtered = new EnumMap<>(FilterReason.class);
  private final Map<RejectReason, CounterDataPoint> dead = new EnumMap<>(RejectReason.class);
  private final CounterDataPoint sendFailures;
  private final Histogram batchSeconds;
  private final Histogram eventAgeSeconds;

  TransformCounters(PrometheusRegistry registry) {
    read = counter("read_total", "Events read whose outcome is safe", registry);
    written = counter("written_total", "Events acknowledged by the output topic", registry);
    Counter filteredByReason =
        byReason("filtered_total", "Events left out on purpose, by reason", registry);
    for (FilterReason reason : FilterReason.values()) {
      filtered.put(reason, filteredByReason.labelValues(reason.label()));
    }
    Counter deadByReason =
        byReason(
            "dead_lettered_total", "Bad events acknowledged as dead letters, by reason", registry);
    for (RejectReason reason : RejectReason.values()) {
      dead.put(reason, deadByReason.labelValues(reason.label()));
    }
    sendFailures =
        counter(
            "send_failures_total",
            "Records that the producer gave up; their events are read again",
            registry);
    batchSeconds =
        Histogram.builder()
            .name(PREFIX + "batch_seconds")
            .help("From a batch's poll to the acknowledgement of everything in it")
            .classicOnly()
            .classicUpperBounds(
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                2.5, 5, 10, 30, 60, 120)
            .register(registry);
    eventAgeSeconds =
        Histogram.builder()
            .name(PREFIX + "event_age_seconds")
            .help(
                "Age, when it was transformed, of the last event of each batch that says its time")
            .classicOnly()
            .classicUpperBounds(
                0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 21_600,
                86_400)
            .register(registry);
  }

  /** A batch is safe; its events count from now on. */
  void settled(LedgerCounts counts, double tookSeconds) {
    read.inc(counts.read());
    written.inc(counts.written());
    filtered.forEach((reason, counter) -> counter.inc(counts.get(ledgerName(reason))));
    dead.forEach((reason, counter) -> counter.inc(counts.get(ledgerName(reason))));
    if (counts.read() > 0) {
      batchSeconds.observe(tookSeconds);
    }
  }

  void sendFailed() {
    sendFailures.inc();
  }

  void eventAge(long ageMs) {
    eventAgeSeconds.observe(Math.max(0, ageMs) / 1000d);
  }

  private static String ledgerName(FilterReason reason) {
    return LedgerCounts.filtered(reason.label());
  }

  private static String ledgerName(RejectReason reason) {
    return LedgerCounts.dead(reason.label());
  }

  private static CounterDataPoint counter(String name, String help, PrometheusRegistry registry) {
    return Counter.builder().name(PREFIX + name).help(help).register(registry);
  }

  private static Counter byReason(String name, String help, PrometheusRegistry registry) {
    return Counter.builder().name(PREFIX + name).help(help).labelNames("reason").register(registry);
  }
}
