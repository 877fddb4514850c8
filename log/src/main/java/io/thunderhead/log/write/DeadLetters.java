package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps events that can't be handled, byte for byte, in {@code <topic>.dead_letters} with where
 * they came from and why. It connects at the first one, for most loops never have any; used by one
 * thread.
 */
public final class DeadLetters implements AutoCloseable {
  /** Names of the headers; all values are UTF-8, numbers in decimal. */
  public static final String ORIGIN_TOPIC = "origin.topic";

  public static final String ORIGIN_PARTITION = "origin.partition";
  public static final String ORIGIN_OFFSET = "origin.offset";
  public static final String ORIGIN_INDEX = "origin.index";
  public static final String REASON = "reason";

  /** Of a letter whose value may be only the beginning: how long the whole was. */
  public static final String ORIGIN_BYTES = "origin.bytes";

  /** What the source could hold: a topic's limit is on compressed bytes, this is on plain ones. */
  static final int MAX_REQUEST_BYTES = 96 << 20;

  private final ClientSettings client;
  private final String clientId;
  private final Consumer<Exception> onFailure;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /** The first letter that failed; set on the producer's thread or on ours. */
  private volatile @Nullable Exception failed;

  /**
   * Dead letters that nothing was written to yet.
   *
   * @param onFailure told of each letter that could not be written, on the producer's own thread
   */
  public DeadLetters(ClientSettings client, String clientId, Consumer<Exception> onFailure) {
    this.client = client;
    this.clientId = clientId;
    this.onFailure = onFailure;
  }

  /**
   * Keeps one event, with the headers of its record in front of ours; the header of a packed record
   * goes only with one that is wholly bad, for it says how to read the bytes.
   *
   * @param origin the record that it came in, whose key it keeps
   * @param index its place in that record, 0 if the record is plain or wholly bad
   * @throws KafkaException if a letter failed before
   * @param done retained until the letter is acknowledged
   */
  public void send(
      ConsumerRecord<byte[], byte[]> origin,
      int index,
      byte[] src,
      int offset,
      int length,
      RejectReason reason,
      Acknowledgement done) {
    List<Header> headers = new ArrayList<>();
    boolean whole = offset == 0 && length == origin.value().length;
    for (Header one : origin.headers()) {
      if (whole || !one.key().equals(PackedRecord.HEADER)) {
        headers.add(one);
      }
    }
    Collections.addAll(
        headers,
        header(ORIGIN_TOPIC, origin.topic()),
        header(ORIGIN_PARTITION, Integer.toString(origin.partition())),
        header(ORIGIN_OFFSET, Long.toString(origin.offset())),
        header(ORIGIN_INDEX, Integer.toString(index)),
        header(REASON, reason.label()));
    byte[] value = Arrays.copyOfRange(src, offset, offset + length);
    send(
        new ProducerRecord<>(
            Topics.deadLetters(origin.topic()), null, origin.key(), value, headers),
        done);
  }

  /**
   * Keeps one event that never came into the topic it was for: partition and offset are -1.
   *
   * @param done retained until the letter is acknowledged
   */
  void sendUnlogged(
      String topic, byte[] key, byte[] event, RejectReason reason, Acknowledgement done) {
    List<Header> headers =
        List.of(
            header(ORIGIN_TOPIC, topic),
            header(ORIGIN_PARTITION, "-1"),
            header(ORIGIN_OFFSET, "-1"),
            header(ORIGIN_INDEX, "0"),
            header(REASON, reason.label()));
    send(new ProducerRecord<>(Topics.deadLetters(topic), null, key, event, headers), done);
  }

  private void send(ProducerRecord<byte[], byte[]> letter, Acknowledgement done) {
    Exception earlier = failed;
    if (earlier != null) {
      throw new KafkaException("an earlier dead letter failed", earlier);
    }
    done.retain();
    try {
      var _ =
          producer()
              .send(
                  letter,
                  (_, failure) -> {
                    if (failure == null) {
                      done.acknowledged();
                    } else {
                      failed(done, failure);
                    }
                  });
    } catch (RuntimeException e) {
      failed(done, e);
      throw e;
    }
  }

  /** Gives up what is not acknowledged yet; whoever waits for it is told that it failed. */
  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
  }

  private void failed(Acknowledgement done, Exception failure) {
    failed = failure;
    onFailure.accept(failure);
    done.failed(failure);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      Properties settings = client.producer(clientId);
      String limit = Integer.toString(MAX_REQUEST_BYTES);
      settings.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, limit);
      settings.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, limit);
      // Never larger than its source was, whatever codec that had; and every client reads gzip.
      settings.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
      open = new KafkaProducer<>(settings);
      producer = open;
    }
    return open;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
