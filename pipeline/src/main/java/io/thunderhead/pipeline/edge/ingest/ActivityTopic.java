package io.thunderhead.pipeline.edge.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.log.write.Acknowledgement;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.log.write.DecimalKey;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.pipeline.edge.RecordFault;
import io.thunderhead.protocol.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The edge's way to Kafka: activities and dead letters, each with its acknowledgement. After the
 * first failure it is of no more use. Used by one thread.
 */
final class ActivityTopic implements AutoCloseable {
  /** How long it waits for a broker and the topics before the caller may try again. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(4);

  /** Of a dead letter that never got into its topic, the place there. */
  static final int NO_PLACE = -1;

  private final EdgeConfig config;
  private final ClientSettings client;
  private final PackingProducer activities;
  private final DecimalKey key = new DecimalKey();
  private @Nullable KafkaProducer<byte[], byte[]> letters;
  private volatile @Nullable Exception failed;

  private ActivityTopic(EdgeConfig config, ClientSettings client, PackSettings settings) {
    this.config = config;
    this.client = client;
    this.activities =
        new PackingProducer(client, settings, "edge", failure -> this.failed = failure);
  }

  /**
   * Connects, and creates the topics where that is allowed.
   *
   * @throws io.thunderhead.log.LogUnavailableException if Kafka can't be used now
   */
  static ActivityTopic open(EdgeConfig config, ClientSettings client) throws InterruptedException {
    try (TopicAdmin topics = new TopicAdmin(client, OPEN_LIMIT)) {
      TopicSpec topic =
          TopicSpec.events(config.topic(), config.partitions(), config.replicationFactor());
      if (config.createTopics()) {
        topics.ensure(TopicAdmin.withDeadLetters(topic));
      } else {
        topics.require(config.topic(), Topics.deadLetters(config.topic()));
      }
      PackSettings settings =
          new PackSettings(
              config.topic(),
              config.packEvents(),
              PackSettings.DEFAULT_PACK_BYTES,
              Duration.ofMillis(config.lingerMs()),
              config.compression(),
              Math.min(topics.maxMessageBytes(config.topic()), ClientSettings.MAX_REQUEST_BYTES));
      return new ActivityTopic(config, client, settings);
    }
  }

  /** Sends one event, sooner or later; returns false if the topic takes it at no size. */
  boolean append(OutboundEvent event, Acknowledgement done) {
    return switch (event) {
      case OutboundEvent.Activity(long id, byte[] bytes) ->
          activities.append(key.of(id), bytes, 0, bytes.length, done);
      case OutboundEvent.DeadLetter letter -> {
        send(letter, done);
        yield true;
      }
    };
  }

  /** Sends what has waited its time; returns in how many nanoseconds more is due. */
  long flushIfDue(long nowNs) {
    return activities.flushIfDue(nowNs);
  }

  @Nullable Exception failure() {
    return failed;
  }

  /** A letter for an activity that was too large. */
  static OutboundEvent.DeadLetter tooLarge(EdgeConfig config, OutboundEvent.Activity event) {
    byte[] bytes =
        event.bytes().length <= config.deadLetterBytes()
            ? event.bytes()
            : Arrays.copyOf(event.bytes(), config.deadLetterBytes());
    return new OutboundEvent.DeadLetter(
        config.topic(),
        NO_PLACE,
        NO_PLACE,
        RecordFault.TOO_LARGE.label(),
        event.bytes().length,
        bytes);
  }

  private void send(OutboundEvent.DeadLetter letter, Acknowledgement done) {
    List<Header> headers =
        List.of(
            header(DeadLetters.ORIGIN_TOPIC, letter.source()),
            header(DeadLetters.ORIGIN_PARTITION, Integer.toString(letter.connection())),
            header(DeadLetters.ORIGIN_OFFSET, Long.toString(letter.cursor())),
            header(DeadLetters.ORIGIN_INDEX, "0"),
            header(DeadLetters.REASON, letter.reason()),
            header(DeadLetters.ORIGIN_BYTES, Long.toString(letter.fullLength())));
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            Topics.deadLetters(config.topic()), null, null, null, letter.bytes(), headers);
    done.retain();
    try {
      var _ =
          letters()
              .send(
                  message,
                  (_, failure) -> {
                    if (failure == null) {
                      done.acknowledged();
                    } else {
                      failed = failure;
                      done.failed(failure);
                    }
                  });
    } catch (KafkaException e) {
      failed = e;
      done.failed(e);
      throw e;
    }
  }

  private KafkaProducer<byte[], byte[]> letters() {
    KafkaProducer<byte[], byte[]> open = letters;
    if (open == null) {
      Properties settings = client.producer("edge-dead-letters");
      settings.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
      open = new KafkaProducer<>(settings);
      letters = open;
    }
    return open;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** Gives up what is not acknowledged. */
  @Override
  public void close() {
    activities.close();
    if (letters != null) {
      letters.close(Duration.ZERO);
    }
  }
}
