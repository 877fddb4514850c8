package io.thunderhead.serving.replay;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/**
 * What filling the store counts. Over all outcomes and phases {@code thunderhead_replay_events} is
 * the number of events read.
 */
final class ReplayMetrics {
  private static final double[] AGE_BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200,
    172_800
  };

  private static final double[] BATCH_BOUNDS = {
    0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
    0.1, 0.25, 0.5, 1
  };

  private final Histogram batchSeconds;
  private final Histogram recordAge;
  private final Histogram eventAge;
  private final Counter withoutPermit;
  final Counter trimFailures;
  final Counter threadRestarts;
  final Gauge initDuration;

  ReplayMetrics(
      OutcomeCounters counters, Supplier<Readiness> readiness, PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name("thunderhead_replay_events")
        .help(
            "Events read, by what became of them; phase replayed: they lay in the log at start,"
                + " live: they came since.")
        .labelNames("phase", "outcome")
        .callback(callback -> {
          ReplayCounts counts = counters.snapshot();
          counts
              .replayed()
              .outcomes()
              .forEach((o, n) -> callback.call((double) n, "replayed", o.label()));
          counts.live().outcomes().forEach((o, n) -> callback.call((double) n, "live", o.label()));
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("thunderhead_replay_malformed_events")
        .help("Events that could not be used, by reason; also counted as outcome malformed.")
        .labelNames("phase", "reason")
        .callback(callback -> {
          ReplayCounts counts = counters.snapshot();
          counts
              .replayed()
              .malformed()
              .forEach((r, n) -> callback.call((double) n, "replayed", r.label()));
          counts.live().malformed().forEach((r, n) -> callback.call((double) n, "live", r.label()));
        })
        .register(registry);
    batchSeconds =
        Histogram.builder()
            .name("thunderhead_replay_batch_seconds")
            .help(
                "Decoding and applying one partition's part of a poll, without the permit's wait.")
            .classicOnly()
            .classicUpperBounds(BATCH_BOUNDS)
            .register(registry);
    recordAge =
        Histogram.builder()
            .name("thunderhead_replay_record_age_seconds")
            .help("From being logged to being applied: the first record of each live batch.")
            .classicOnly()
            .classicUpperBounds(AGE_BOUNDS)
            .register(registry);
    eventAge =
        Histogram.builder()
            .name("thunderhead_replay_event_age_seconds")
            .help("From a post's creation to being applied: the last post of each live batch.")
            .classicOnly()
            .classicUpperBounds(AGE_BOUNDS)
            .register(registry);
    withoutPermit =
        Counter.builder()
            .name("thunderhead_replay_batches_without_permit")
            .help("Live batches applied beyond the apply permits because they had grown old.")
            .register(registry);
    trimFailures =
        Counter.builder()
            .name("thunderhead_replay_trim_failures")
            .help("Times that trimming the store failed; it goes on.")
            .register(registry);
    threadRestarts =
        Counter.builder()
            .name("thunderhead_serve_thread_restarts")
            .help("Times that the work of a thread died and was begun again, by thread.")
            .labelNames("thread")
            .register(registry);
    initDuration =
        Gauge.builder()
            .name("thunderhead_replay_init_duration_seconds")
            .help("From start to having applied what lay in the log; 0 until then.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("thunderhead_replay_ready_ratio")
        .help("1 while the node is ready, else 0.")
        .callback(callback -> callback.call(readiness.get().ready() ? 1 : 0))
        .register(registry);
  }

  /** A live batch was applied; an age of 0 is none. */
  void applied(double recordAgeSeconds, double eventAgeSeconds) {
    recordAge.observe(Math.max(0, recordAgeSeconds));
    if (eventAgeSeconds > 0) {
      eventAge.observe(eventAgeSeconds);
    }
  }

  void batchTook(long durationNs) {
    batchSeconds.observe(durationNs / 1e9);
  }

  void withoutPermit() {
    withoutPermit.inc();
  }
}
