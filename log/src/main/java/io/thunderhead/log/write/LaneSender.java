package io.thunderhead.log.write;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.RejectReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * One lane's Kafka clients: a producer for each codec that its topics want, for a client has one.
 * Used by the lane's thread; the figures and {@link #close} by any.
 */
final class LaneSender<T> implements RecordSender, AutoCloseable {
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final ClientSettings client;
  private final ProducerSettings settings;
  private final String clientId;
  private final Outcomes<T> outcomes;

  /** Another one after each failure, for one that failed takes nothing more. */
  private volatile DeadLetters deadLetters;

  private final Map<String, KafkaProducer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
  private final Map<String, Partitions> topics = new HashMap<>();
  private final long bornNanos = System.nanoTime();

  /** Guarded by this: no client is opened behind the back of {@link #close}. */
  private boolean closed;

  /** What was learned of a topic; a topic that isn't there costs its events the wait once. */
  private record Partitions(int count, @Nullable KafkaException failure, long askedNanos) {}

  LaneSender(
      ClientSettings client, ProducerSettings settings, String clientId, Outcomes<T> outcomes) {
    this.client = client;
    this.settings = settings;
    this.clientId = clientId;
    this.outcomes = outcomes;
    this.deadLetters = openDeadLetters();
  }

  @Override
  public ProducerSettings settings() {
    return settings;
  }

  @Override
  public int partitions(String topic) {
    Partitions known = topics.get(topic);
    if (known == null || System.nanoTime() - known.askedNanos() > LOOK_AGAIN_NANOS) {
      known = ask(topic);
      topics.put(topic, known);
    }
    if (known.failure() != null) {
      throw known.failure();
    }
    return known.count();
  }

  private Partitions ask(String topic) {
    try {
      int count = producer(topic).partitionsFor(topic).size();
      return new Partitions(count, null, System.nanoTime());
    } catch (KafkaException e) {
      return new Partitions(0, e, System.nanoTime());
    }
  }

  @Override
  public Destination destination(String topic, byte[] key) {
    return new Destination(topic, Utils.toPositive(Utils.murmur2(key)) % partitions(topic));
  }

  @Override
  public void send(
      Destination to,
      byte @Nullable [] key,
      byte[] value,
      List<Header> headers,
      List<? extends QueueItem<?>> items) {
    List<QueueItem<T>> ours = ours(items);
    ours.forEach(QueueItem::hand);
    try {
      var _ =
          producer(to.topic())
              .send(
                  new ProducerRecord<>(to.topic(), to.partition(), null, key, value, headers),
                  (where, failure) -> {
                    if (failure == null) {
                      outcomes.acknowledged(ours, where);
                    } else {
                      outcomes.failed(ours, failure);
                    }
                  });
    } catch (RuntimeException e) {
      // What Kafka's client throws it has not reported; the other records of the batch go on.
      outcomes.failed(ours, e);
    }
  }

  @Override
  public void reject(QueueItem<?> item, byte[] event) {
    QueueItem<T> ours = ours(List.of(item)).getFirst();
    ours.hand();
    if (!settings.deadLetters()) {
      outcomes.failed(
          ours,
          new RecordTooLargeException(
              "an event of "
                  + event.length
                  + " bytes; record.max.bytes is "
                  + settings.maxRecordBytes()));
      return;
    }
    try {
      deadLetters.sendUnlogged(
          item.topic(), item.key(), event, RejectReason.TOO_LARGE, new Letter(ours));
    } catch (KafkaException e) {
      if (!ours.isSettled()) {
        outcomes.failed(ours, e);
      }
      deadLetters.close();
      deadLetters = openDeadLetters();
    }
  }

  @Override
  public void fail(QueueItem<?> item, Exception cause) {
    QueueItem<T> ours = ours(List.of(item)).getFirst();
    ours.hand();
    outcomes.failed(ours, cause);
  }

  /** How long the lane has waited for room in its clients' buffers. */
  double waitedSeconds() {
    return sum("bufferpool-wait-time-ns-total") / 1e9;
  }

  /** How long its clients' own threads did anything but wait for the network. */
  double senderBusySeconds() {
    double lived = (System.nanoTime() - bornNanos) * (double) producers.size();
    return Math.max(0, lived - sum("io-wait-time-ns-total")) / 1e9;
  }

  private double sum(String metric) {
    double sum = 0;
    for (KafkaProducer<byte[], byte[]> producer : producers.values()) {
      for (var entry : producer.metrics().entrySet()) {
        if (entry.getKey().name().equals(metric)
            && entry.getKey().group().equals("producer-metrics")
            && entry.getValue().metricValue() instanceof Double value) {
          sum += value;
        }
      }
    }
    return sum;
  }

  /** Gives up what is not acknowledged yet; whoever waits for it is told that it failed. */
  @Override
  public synchronized void close() {
    closed = true;
    producers.values().forEach(producer -> producer.close(Duration.ZERO));
    deadLetters.close();
  }

  private DeadLetters openDeadLetters() {
    return new DeadLetters(client, clientId + "-dead-letters", _ -> {});
  }

  private synchronized KafkaProducer<byte[], byte[]> producer(String topic) {
    if (closed) {
      throw new KafkaException("the producer was closed");
    }
    return producers.computeIfAbsent(settings.codec(topic), this::open);
  }

  private KafkaProducer<byte[], byte[]> open(String codec) {
    Properties properties = client.producer(clientId + "-" + codec);
    properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec);
    properties.setProperty(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        Integer.toString(Math.max(ClientSettings.MAX_REQUEST_BYTES, settings.maxRecordBytes())));
    if (settings.type() == ProducerSettings.Type.SYNC) {
      // Somebody waits for each record.
      properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "0");
    }
    return new KafkaProducer<>(properties);
  }

  @SuppressWarnings("unchecked") // A lane's sender is given its own lane's items.
  private List<QueueItem<T>> ours(List<? extends QueueItem<?>> items) {
    return (List<QueueItem<T>>) items;
  }

  private final class Letter implements Acknowledgement {
    private final QueueItem<T> item;

    Letter(QueueItem<T> item) {
      this.item = item;
    }

    @Override
    public void retain() {}

    @Override
    public void acknowledged() {
      item.settle();
      outcomes.deadLettered(item);
    }

    @Override
    public void failed(Exception cause) {
      item.settle();
      outcomes.failed(item, cause);
    }
  }
}
