package io.thunderhead.app.publish;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An idempotent producer of plain records to one topic. An event counts as acknowledged only once
 * every in-sync replica has it; acknowledged + failed = sent, after {@link #flush}.
 *
 * <p>One thread sends; any reads the counts.
 */
public final class CountedProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CountedProducer.class);
  private static final int MOST_UNACKNOWLEDGED = 20_000;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Semaphore unacknowledged = new Semaphore(MOST_UNACKNOWLEDGED);
  private final Counter acknowledged;
  private final Counter failed;

  /**
   * Connects in the background.
   *
   * @param role names the metrics, {@code thunderhead_<role>_…}, and the client
   */
  public CountedProducer(
      ClientSettings client, String role, String topic, PrometheusRegistry registry) {
    this.topic = topic;
    producer = new KafkaProducer<>(client.producer("thunderhead-" + role.replace('_', '-')));
    acknowledged =
        Counter.builder()
            .name("thunderhead_" + role + "_acknowledged_events")
            .help("Events that Kafka has acknowledged.")
            .register(registry);
    failed =
        Counter.builder()
            .name("thunderhead_" + role + "_failed_events")
            .help("Events that could not be published.")
            .register(registry);
  }

  /**
   * Sends one event; waits only while too many are unacknowledged.
   *
   * @param key written in decimal; 0 for no key
   */
  public void send(long key, byte[] value) throws InterruptedException {
    byte[] keyBytes = key == 0 ? null : Long.toString(key).getBytes(StandardCharsets.US_ASCII);
    unacknowledged.acquire();
    Future<RecordMetadata> _ =
        producer.send(
            new ProducerRecord<>(topic, keyBytes, value),
            (metadata, failure) -> {
              unacknowledged.release();
              count(failure);
            });
  }

  /** Waits until every event sent is acknowledged or given up. */
  public void flush() {
    producer.flush();
  }

  public long acknowledged() {
    return acknowledged.getLongValue();
  }

  public long failed() {
    return failed.getLongValue();
  }

  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  // Kafka's sender thread.
  private void count(@Nullable Exception failure) {
    if (failure == null) {
      acknowledged.inc();
      return;
    }
    if (failed.getLongValue() == 0) {
      LOG.error("Events can't be published to {}: {}", topic, failure.getMessage());
    }
    failed.inc();
  }
}
