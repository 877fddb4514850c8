package io.thunderhead.log.write;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * One thread's way to write events to a topic, many per record. Nothing is sent by itself: the
 * owner's loop must call {@link #flushIfDue}, or the last events of a quiet topic wait for ever.
 *
 * <ul>
 *   <li>The partition of an event is the one that Kafka's default partitioner gives its key, and
 *       events of one partition are sent in the order of their appending.
 *   <li>When the topic grows, everything that waits is sent first, so the order of a key is only
 *       lost where Kafka loses it too: between what its old and its new partition hold.
 *   <li>An event too large to share a record goes alone, with its key, behind what waits before it.
 *   <li>A write that fails has been retried by the producer as long as it may. Its owner must not
 *       count the input as handled, and must not go on with this producer.
 * </ul>
 */
public final class PackingProducer implements AutoCloseable {
  private static final long PARTITION_CHECK_NANOS = Duration.ofSeconds(1).toNanos();

  private final PackSettings settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Consumer<Exception> onFailure;
  private final List<Header> packedHeaders =
      List.of(new RecordHeader(PackedRecord.HEADER, PackedRecord.headerValue()));
  private final Packs<Acknowledgement> packs;
  private long nextPartitionCheckNanos;

  /** The first write that failed; set on the producer's thread or on ours. */
  private volatile @Nullable Exception failed;

  /**
   * Connects and learns the partitions of the topic.
   *
   * @param onFailure told of each record that could not be written, on the producer's own thread
   */
  public PackingProducer(
      ClientSettings client,
      PackSettings settings,
      String clientId,
      Consumer<Exception> onFailure) {
    this.settings = settings;
    this.onFailure = onFailure;
    Properties properties = client.producer(clientId);
    properties.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
    properties.setProperty(
        ProducerConfig.BATCH_SIZE_CONFIG,
        Integer.toString(Math.min(ClientSettings.PRODUCER_BATCH_BYTES, settings.maxRecordBytes())));
    properties.setProperty(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        Integer.toString(Math.max(ClientSettings.MAX_REQUEST_BYTES, settings.maxRecordBytes())));
    producer = new KafkaProducer<>(properties);
    int packBytes = Math.min(settings.packBytes(), settings.maxValueBytes());
    packs =
        new Packs<>(
            settings.packEvents(),
            () -> new PackedFrame(settings.packEvents(), packBytes),
            new Records());
    try {
      packs.grow(producer.partitionsFor(settings.topic()).size());
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
    nextPartitionCheckNanos = System.nanoTime() + PARTITION_CHECK_NANOS;
  }

  /**
   * Takes over one event; its bytes may change after the call.
   *
   * @param key what keeps the order of events; not kept
   * @param done retained until the event is acknowledged
   * @throws KafkaException if a write failed before: waiting for a dead broker again and again
   *     would cost the caller its place in its group
   * @return false if the topic takes no record of this size: the event was not taken, and it is the
   *     caller's to keep
   */
  public boolean append(byte[] key, byte[] src, int offset, int length, Acknowledgement done) {
    if (length > settings.maxValueBytes()) {
      return false;
    }
    packs.add(key, src, offset, length, done);
    return true;
  }

  /**
   * Sends what has waited its time, and follows the topic's growth.
   *
   * @return how many nanoseconds from now the next event is due; {@link Long#MAX_VALUE} if none
   *     waits
   */
  public long flushIfDue(long nowNanos) {
    if (nowNanos - nextPartitionCheckNanos >= 0) {
      nextPartitionCheckNanos = nowNanos + PARTITION_CHECK_NANOS;
      packs.grow(producer.partitionsFor(settings.topic()).size());
    }
    return packs.flushIfDue(nowNanos, settings.linger().toNanos());
  }

  /** Sends everything that waits; acknowledgements come later. */
  public void flush() {
    packs.flush();
  }

  /** Gives up what is not acknowledged yet; whoever waits for it is told that it failed. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
    List<Acknowledgement> abandoned = packs.abandon();
    if (!abandoned.isEmpty()) {
      KafkaException gone = new KafkaException("the producer was closed");
      abandoned.forEach(waiting -> waiting.failed(gone));
    }
  }

  private void send(ProducerRecord<byte[], byte[]> message, List<Acknowledgement> waiting) {
    Exception earlier = failed;
    if (earlier != null) {
      for (Acknowledgement one : waiting) {
        one.failed(earlier);
      }
      throw new KafkaException("an earlier write failed", earlier);
    }
    try {
      var _ = producer.send(message, (_, failure) -> completed(failure, waiting));
    } catch (RuntimeException e) {
      completed(e, waiting);
      throw e;
    }
  }

  private void completed(@Nullable Exception failure, List<Acknowledgement> waiting) {
    if (failure != null) {
      failed = failure;
      onFailure.accept(failure);
    }
    for (Acknowledgement one : waiting) {
      if (failure == null) {
        one.acknowledged();
      } else {
        one.failed(failure);
      }
    }
  }

  private final class Records implements Packs.Sink<Acknowledgement> {
    @Override
    public void holds(Acknowledgement waiting) {
      waiting.retain();
    }

    @Override
    public void packed(int partition, byte[] value, List<Acknowledgement> waiting) {
      send(
          new ProducerRecord<>(settings.topic(), partition, null, null, value, packedHeaders),
          waiting);
    }

    @Override
    public void alone(int partition, byte[] key, byte[] value, Acknowledgement waiting) {
      waiting.retain();
      send(new ProducerRecord<>(settings.topic(), partition, key, value), List.of(waiting));
    }
  }
}
