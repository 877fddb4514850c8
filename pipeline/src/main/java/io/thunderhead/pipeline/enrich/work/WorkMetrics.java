package io.thunderhead.pipeline.enrich.work;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * What a worker counts: requests = done + failed + handed back + cut off + those it holds. Cut off
 * are those whose stream broke; the distributor gives them to somebody else.
 */
final class WorkMetrics {
  private static final String PREFIX = "thunderhead_work_";

  private final Counter requests;
  private final Counter outcomes;
  private final Gauge held;
  private final Gauge connected;
  private final CounterDataPoint reconnects;
  private final Histogram seconds;

  /** What became of a request. */
  enum Outcome {
    DONE("done"),
    FAILED("failed"),
    HANDED_BACK("handed_back"),
    CUT_OFF("cut_off");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }
  }

  WorkMetrics(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name(PREFIX + "requests_total")
            .help("Requests taken from distributors")
            .labelNames("enricher")
            .register(registry);
    outcomes =
        Counter.builder()
            .name(PREFIX + "outcomes_total")
            .help("What became of them: done, failed, handed_back, or cut_off with their stream")
            .labelNames("enricher", "outcome")
            .register(registry);
    held =
        Gauge.builder()
            .name(PREFIX + "held_requests")
            .help("Requests that are being done")
            .register(registry);
    connected =
        Gauge.builder()
            .name(PREFIX + "connected_distributors")
            .help("Distributors that have welcomed this worker")
            .register(registry);
    reconnects =
        Counter.builder()
            .name(PREFIX + "reconnects_total")
            .help("Streams that ended and were opened again")
            .register(registry);
    seconds =
        Histogram.builder()
            .name(PREFIX + "enrichment_seconds")
            .help("Time that an enricher took")
            .labelNames("enricher")
            .classicOnly()
            .classicUpperBounds(
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                2.5, 5, 10, 30)
            .register(registry);
  }

  void taken(String enricher) {
    requests.labelValues(enricher).inc();
    held.inc();
  }

  void ended(String enricher, Outcome outcome) {
    outcomes.labelValues(enricher, outcome.label).inc();
    held.dec();
  }

  void took(String enricher, long nanos) {
    seconds.labelValues(enricher).observe(nanos / 1e9);
  }

  void connected(int change) {
    connected.inc(change);
  }

  void reconnecting() {
    reconnects.inc();
  }
}
