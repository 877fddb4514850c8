package io.thunderhead.app.generate;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.firehose.FirehoseCounts;
import io.thunderhead.app.firehose.FirehoseKind;
import io.thunderhead.app.firehose.SyntheticFirehose;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.log.ClientSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a synthetic firehose at a steady rate through an idempotent producer. An event counts
 * as published only once every in-sync replica has it.
 *
 * <p>One thread runs it; any may read the counts.
 */
public final class FirehosePublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FirehosePublisher.class);
  private static final Duration TICK = Duration.ofMillis(2);
  private static final long MAX_BURST = 1000;

  private final String topic;
  private final int rate;
  private final SyntheticFirehose firehose;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Counter acknowledged;
  private final Counter failed;

  public FirehosePublisher(
      ClientSettings client,
      String topic,
      int rate,
      long seed,
      int authors,
      PrometheusRegistry registry) {
    this.topic = topic;
    this.rate = rate;
    firehose = new SyntheticFirehose(seed, authors);
    producer = new KafkaProducer<>(client.producer("thunderhead-generate"));
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
    acknowledged =
        Counter.builder()
            .name("thunderhead_generate_acknowledged_events")
            .help("Generated events that Kafka has acknowledged.")
            .register(registry);
    failed =
        Counter.builder()
            .name("thunderhead_generate_failed_events")
            .help("Generated events that could not be published.")
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
        publishNext(nowMs);
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

  /** The author of a rank, 0 for the one who posts most. */
  public long authorId(int rank) {
    return firehose.authorId(rank);
  }

  public long acknowledged() {
    return acknowledged.getLongValue();
  }

  public long failed() {
    return failed.getLongValue();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  private void publishNext(long nowMs) {
    firehose.next(nowMs);
    byte[] value = Arrays.copyOf(firehose.buffer(), firehose.length());
    byte[] key =
        firehose.key() == 0
            ? null
            : Long.toString(firehose.key()).getBytes(StandardCharsets.US_ASCII);
    producer.send(
        new ProducerRecord<>(topic, key, value),
        (metadata, failure) -> {
          if (failure == null) {
            acknowledged.inc();
          } else {
            if (failed.getLongValue() == 0) {
              LOG.error("Events can't be published to {}: {}", topic, failure.getMessage());
            }
            failed.inc();
          }
        });
  }
}
