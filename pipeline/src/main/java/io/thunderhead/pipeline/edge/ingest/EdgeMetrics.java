package io.thunderhead.pipeline.edge.ingest;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.pipeline.edge.FilterReason;
import io.thunderhead.pipeline.edge.RecordFault;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What the edge counts. A record is counted once it is safe: acknowledged by Kafka, or synced in
 * the spool. The counts go on from those of the cursor file, and at every moment
 *
 * <pre>  received = accepted + duplicate + Σ filtered{reason} + Σ dead_lettered{reason}</pre>
 *
 * with what is under way in none of them, but in the gauge of records in flight.
 */
final class EdgeMetrics {
  private static final String PREFIX = "thunderhead_edge_";
  private static final List<String> RECONNECTS =
      List.of("network", "stalled", "ended", "held_back", "server_error", "rate_limited");

  private final PrometheusRegistry registry;
  private final CounterDataPoint received;
  private final CounterDataPoint accepted;
  private final CounterDataPoint duplicate;
  private final Map<FilterReason, CounterDataPoint> filtered = new EnumMap<>(FilterReason.class);
  private final Map<RecordFault, CounterDataPoint> dead = new EnumMap<>(RecordFault.class);
  private final CounterDataPoint heartbeats;
  private final Counter reconnects;
  private final CounterDataPoint gaps;
  private final CounterDataPoint gapSeconds;
  private final CounterDataPoint abandoned;

  EdgeMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    received = counter("received_total", "Records received whose outcome is safe");
    accepted = counter("accepted_total", "Activities acknowledged by Kafka or safe in the spool");
    duplicate = counter("duplicate_total", "Activities left out because they came before");
    Counter filteredByReason = byReason("filtered_total", "Records left out on purpose, by reason");
    for (FilterReason reason : FilterReason.values()) {
      filtered.put(reason, filteredByReason.labelValues(reason.label()));
    }
    Counter deadByReason =
        byReason(
            "dead_lettered_total",
            "Bad records acknowledged as dead letters or safe in the spool, by reason");
    for (RecordFault fault : RecordFault.values()) {
      dead.put(fault, deadByReason.labelValues(fault.label()));
    }
    heartbeats = counter("heartbeats_total", "Signs of life without a record");
    reconnects = byReason("reconnects_total", "Connections that ended and were made again, by why");
    RECONNECTS.forEach(reconnects::initLabelValues);
    gaps = counter("gaps_total", "Times that a connection could not ask for all that was missed");
    gapSeconds = counter("gap_seconds_total", "How long those gaps are, together");
    abandoned =
        counter("abandoned_total", "Records read but not taken in because of a stop; not counted");
  }

  /** A batch is safe; its records count from now on. */
  void settled(EdgeCounts counts) {
    received.inc(counts.received());
    accepted.inc(counts.accepted());
    duplicate.inc(counts.duplicate());
    counts.filtered().forEach((reason, count) -> count(filtered.get(reason), count));
    counts.deadLettered().forEach((fault, count) -> count(dead.get(fault), count));
  }

  void heartbeat() {
    heartbeats.inc();
  }

  void reconnect(String reason) {
    reconnects.labelValues(reason).inc();
  }

  void gap(long ms) {
    gaps.inc();
    gapSeconds.inc(ms / 1000d);
  }

  void abandoned() {
    abandoned.inc();
  }

  void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  void counter(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  private static void count(
      @org.jspecify.annotations.Nullable CounterDataPoint counter, long count) {
    if (counter != null) {
      counter.inc(count);
    }
  }

  private CounterDataPoint counter(String name, String help) {
    return Counter.builder().name(PREFIX + name).help(help).register(registry);
  }

  private Counter byReason(String name, String help) {
    return Counter.builder().name(PREFIX + name).help(help).labelNames("reason").register(registry);
  }
}
