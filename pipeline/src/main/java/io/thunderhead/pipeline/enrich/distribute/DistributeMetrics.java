package io.thunderhead.pipeline.enrich.distribute;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * What the distributor counts. Of activities, as every stage, once their batch is safe, for the
 * stages fresh and late each:
 *
 * <pre>  read = written + Σ filtered{reason} + Σ dead_lettered{reason}</pre>
 *
 * Of enrichments, at every moment and for each stage and enricher:
 *
 * <pre>  requests = Σ enrichments{status: done, pending, failed, dropped} + open_requests</pre>
 *
 * where dropped are those of activities that another distributor reads again.
 */
final class DistributeMetrics {
  private static final String PREFIX = "thunderhead_distribute_";
  private static final double[] SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
  };

  /** Reasons come from workers: so many different ones are told apart, and no more. */
  private static final int MAX_REASONS = 64;

  private static final Pattern REASON = Pattern.compile("[a-z0-9_]{1,40}");
  static final String OTHER_REASON = "other";

  private final Counter read;
  private final Counter written;
  private final Counter filtered;
  private final Counter dead;
  private final Counter sendFailures;
  private final Counter requests;
  private final Counter enrichments;
  private final Counter failures;
  private final Gauge open;
  private final Counter ignored;
  private final CounterDataPoint lateOutcomes;
  private final CounterDataPoint expired;
  private final CounterDataPoint returned;
  private final CounterDataPoint handedBack;
  private final Histogram enrichmentSeconds;
  private final Histogram parkedSeconds;
  private final PrometheusRegistry registry;
  private final Set<String> reasons = ConcurrentHashMap.newKeySet();

  /** Why an outcome was dropped. */
  enum Ignored {
    /** Its task was decided before: it came twice, or after its activity had left. */
    DECIDED,
    /** No such task, or one of an earlier life. */
    UNKNOWN,
    /** It does not answer what was asked. */
    MISMATCHED
  }

  DistributeMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    read = counter("read_total", "Events read whose outcome is safe", "stage");
    written = counter("written_total", "Activities acknowledged by the output topic", "stage");
    filtered =
        counter("filtered_total", "Events left out on purpose, by reason", "stage", "reason");
    dead =
        counter(
            "dead_lettered_total",
            "Bad events acknowledged as dead letters, by reason",
            "stage",
            "reason");
    sendFailures =
        counter("send_failures_total", "Records that a producer gave up; read again after that");
    requests = counter("requests_total", "Enrichments asked for", "stage", "enricher");
    enrichments =
        counter(
            "enrichments_total",
            "Enrichments whose activity has left, by what became of them",
            "stage",
            "enricher",
            "status");
    failures =
        counter("enrichment_failures_total", "Enrichments that failed", "enricher", "reason");
    open =
        Gauge.builder()
            .name(PREFIX + "open_requests")
            .help("Enrichments asked for whose activity has not left yet")
            .labelNames("stage", "enricher")
            .register(registry);
    ignored = counter("ignored_outcomes_total", "Outcomes that changed nothing, by why", "why");
    for (Ignored why : Ignored.values()) {
      ignored.initLabelValues(label(why));
    }
    lateOutcomes =
        counter("late_outcomes_total", "Outcomes that counted though their lease was over");
    expired = counter("expired_leases_total", "Leases that ran out: a worker hangs, or is slow");
    returned = counter("returned_requests_total", "Requests put back for a lost lease");
    handedBack = counter("handed_back_requests_total", "Requests that stopping workers gave back");
    enrichmentSeconds =
        histogram("enrichment_seconds", "From a request to its outcome", "enricher");
    parkedSeconds =
        histogram("parked_seconds", "From an activity's parking to its leaving", "stage");
  }

  void observe(
      Collection<String> enrichers,
      RequestQueue queue,
      int queueCapacity,
      BlockingDelayQueue<?> fresh,
      BlockingDelayQueue<?> late,
      Dispatcher dispatcher) {
    gauge("queue_requests", "Requests that wait for a worker", "enricher", enrichers, queue::size);
    gauge("queue_bytes", "Bytes of the requests that wait", queue::sizeBytes);
    gauge(
        "queue_capacity_requests",
        "Requests of an enricher and priority that may wait",
        () -> queueCapacity);
    Map<String, BlockingDelayQueue<?>> parking = Map.of("fresh", fresh, "late", late);
    gauge(
        "parked_activities",
        "Activities that hold a permit",
        "stage",
        parking.keySet(),
        stage -> of(parking, stage).capacity() - of(parking, stage).availablePermits());
    gauge(
        "park_capacity_activities",
        "Permits that there are",
        "stage",
        parking.keySet(),
        stage -> of(parking, stage).capacity());
    gauge("leases", "Requests that workers have now", dispatcher::leased);
    gauge("workers", "Workers that are connected", dispatcher::workers);
  }

  private static BlockingDelayQueue<?> of(Map<String, BlockingDelayQueue<?>> all, String stage) {
    BlockingDelayQueue<?> one = all.get(stage);
    if (one == null) {
      throw new IllegalArgumentException(stage);
    }
    return one;
  }

  void settled(String stage, LedgerCounts counts) {
    counts
        .asMap()
        .forEach((name, count) -> {
          if (name.startsWith(FILTERED)) {
            filtered.labelValues(stage, name.substring(FILTERED.length())).inc(count);
          } else if (name.startsWith(DEAD)) {
            dead.labelValues(stage, name.substring(DEAD.length())).inc(count);
          }
        });
    read.labelValues(stage).inc(counts.read());
    written.labelValues(stage).inc(counts.written());
  }

  private static final String FILTERED = LedgerCounts.filtered("");
  private static final String DEAD = LedgerCounts.dead("");

  void sendFailed() {
    sendFailures.inc();
  }

  void asked(String stage, String enricher) {
    requests.labelValues(stage, enricher).inc();
    open.labelValues(stage, enricher).inc();
  }

  /** As metrics and the ledger name it. */
  static String status(Enrichment enrichment) {
    return switch (enrichment.getStatus()) {
      case STATUS_DONE -> "done";
      case STATUS_PENDING -> "pending";
      case STATUS_FAILED, STATUS_UNSPECIFIED, UNRECOGNIZED -> "failed";
    };
  }

  void left(String stage, Enrichment enrichment) {
    String status = status(enrichment);
    enrichments.labelValues(stage, enrichment.getName(), status).inc();
    open.labelValues(stage, enrichment.getName()).dec();
    if (status.equals("failed")) {
      failures.labelValues(enrichment.getName(), known(enrichment.getReason())).inc();
    }
  }

  void dropped(String stage, String enricher) {
    enrichments.labelValues(stage, enricher, "dropped").inc();
    open.labelValues(stage, enricher).dec();
  }

  void decided(EnrichmentTask task) {
    enrichmentSeconds.labelValues(task.enricher()).observe(task.ageNanos() / 1e9);
  }

  void leftAfter(String stage, long parkedNanos) {
    parkedSeconds.labelValues(stage).observe(parkedNanos / 1e9);
  }

  void ignored(Ignored why) {
    ignored.labelValues(label(why)).inc();
  }

  void cameLate() {
    lateOutcomes.inc();
  }

  void leaseExpired() {
    expired.inc();
  }

  void returned() {
    returned.inc();
  }

  void handedBack() {
    handedBack.inc();
  }

  private String known(String reason) {
    if (reasons.contains(reason)) {
      return reason;
    }
    boolean fits = reasons.size() < MAX_REASONS && REASON.matcher(reason).matches();
    return fits && reasons.add(reason) ? reason : OTHER_REASON;
  }

  private static String label(Ignored why) {
    return why.name().toLowerCase(Locale.ROOT);
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(PREFIX + name).help(help).labelNames(labels).register(registry);
  }

  private Histogram histogram(String name, String help, String label) {
    return Histogram.builder()
        .name(PREFIX + name)
        .help(help)
        .labelNames(label)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }

  private void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private void gauge(
      String name,
      String help,
      String label,
      Collection<String> values,
      ToDoubleFunction<String> value) {
    GaugeWithCallback.builder()
        .name(PREFIX + name)
        .help(help)
        .labelNames(label)
        .callback(callback -> values.forEach(one -> callback.call(value.applyAsDouble(one), one)))
        .register(registry);
  }
}
