package io.thunderhead.app.publish;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.write.CallbackHandler;
import io.thunderhead.log.write.Encoder;
import io.thunderhead.log.write.EventAddress;
import io.thunderhead.log.write.EventProducer;
import io.thunderhead.log.write.PackingEventHandler;
import io.thunderhead.log.write.ProducerMetrics;
import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.log.write.QueueItem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link EventProducer} to one topic that counts what became of its events. One counts as
 * acknowledged only once every in-sync replica has it; acknowledged + failed = sent, after {@link
 * #flush}.
 *
 * <p>Any thread sends and reads the counts; what one thread sends stays in order per key.
 */
public final class CountedProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CountedProducer.class);

  /** An event is acknowledged or given up after the client's time-outs, and they are shorter. */
  private static final Duration FLUSH_LIMIT =
      Duration.ofMillis(ClientSettings.DELIVERY_TIMEOUT_MS + 2L * ClientSettings.API_TIMEOUT_MS);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final String topic;
  private final EventProducer<byte[]> producer;
  private final Counter acknowledged;
  private final Counter failed;

  /**
   * Connects when first used.
   *
   * @param role names the metrics, {@code thunderhead_<role>_…}, and the client
   */
  public CountedProducer(
      ClientSettings client,
      String role,
      String topic,
      ProducerSettings settings,
      PrometheusRegistry registry) {
    this.topic = topic;
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
    producer =
        new EventProducer<>(
            client,
            settings,
            "thunderhead-" + role.replace('_', '-'),
            Encoder.bytes(),
            PackingEventHandler::new,
            new Counting(),
            new ProducerMetrics(registry));
  }

  /**
   * Sends one event; waits only while too many are unacknowledged.
   *
   * @param key written in decimal
   */
  public void send(long key, byte[] value) throws InterruptedException {
    byte[] keyBytes = Long.toString(key).getBytes(StandardCharsets.US_ASCII);
    producer.send(new QueueItem<>(topic, keyBytes, value));
  }

  /** Waits until every event sent is acknowledged or given up. */
  public void flush() throws InterruptedException {
    if (!producer.flush(FLUSH_LIMIT)) {
      LOG.error("Events are still under way to {} after {}", topic, FLUSH_LIMIT);
    }
  }

  public long acknowledged() {
    return acknowledged.getLongValue();
  }

  public long failed() {
    return failed.getLongValue();
  }

  /** What is not acknowledged after a few seconds counts as failed. */
  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  /** On Kafka's sender thread, or the lane's. */
  private final class Counting implements CallbackHandler<byte[]> {
    @Override
    public void acknowledged(QueueItem<byte[]> item, EventAddress address) {
      acknowledged.inc();
    }

    @Override
    public void failed(QueueItem<byte[]> item, Exception cause) {
      if (failed.getLongValue() == 0) {
        LOG.error("Events can't be published to {}: {}", topic, cause.getMessage());
      }
      failed.inc();
    }
  }
}
