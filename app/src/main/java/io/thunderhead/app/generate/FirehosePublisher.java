package io.thunderhead.app.generate;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.firehose.FirehoseCounts;
import io.thunderhead.app.firehose.FirehoseKind;
import io.thunderhead.app.firehose.SyntheticFirehose;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.publish.CountedProducer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Publishes a synthetic firehose at a steady rate. One thread runs it; any may read the counts. */
public final class FirehosePublisher {
  private static final Duration TICK = Duration.ofMillis(2);
  private static final long MAX_BURST = 1000;

  private final int rate;
  private final SyntheticFirehose firehose;
  private final CountedProducer producer;

  /**
   * Publishes nothing yet.
   *
   * @param rate events per second
   */
  public FirehosePublisher(
      SyntheticFirehose firehose, int rate, CountedProducer producer, PrometheusRegistry registry) {
    this.rate = rate;
    this.firehose = firehose;
    this.producer = producer;
    CounterWithCallback.builder()
        .name("thunderhead_generate_events")
        .help("Events generated, by kind.")
        .labelNames("kind")
        .callback(callback -> {
          for (FirehoseKind kind : FirehoseKind.values()) {
            callback.call((double) firehose.made(kind), kind.name().toLowerCase(Locale.ROOT));
          }
        })
        .register(registry);
  }

  /**
   * Publishes until stopped, or until a bound is reached, and waits for all acknowledgements.
   *
   * @param events at most this many
   * @param limit at most this long
   */
  public void run(StopRequest stop, long events, Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    Pacer pacer = new Pacer(rate, start);
    long left = events;
    long now = start;
    while (left > 0 && !stop.requested() && now - start < limit.toNanos()) {
      long due = pacer.take(now, Math.min(left, MAX_BURST));
      long nowMs = System.currentTimeMillis();
      for (long i = 0; i < due; i++) {
        firehose.next(nowMs);
        producer.send(firehose.key(), Arrays.copyOf(firehose.buffer(), firehose.length()));
      }
      left -= due;
      if (due == 0) {
        stop.await(TICK);
      }
      now = System.nanoTime();
    }
    producer.flush();
  }

  public FirehoseCounts counts() {
    return firehose.counts();
  }

  /** How many events of one kind were generated. */
  public long made(FirehoseKind kind) {
    return firehose.made(kind);
  }

  public long acknowledged() {
    return producer.acknowledged();
  }

  public long failed() {
    return producer.failed();
  }
}
