package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TestTopics;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.RejectReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class PackingProducerIT {
  @TempDir static Path dataDir;
  static EmbeddedBroker broker;
  static ClientSettings settings;
  static TestTopics topics;

  private final Tally done = new Tally();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(dataDir, 0);
    settings = ClientSettings.of(broker.bootstrapServers());
    topics = new TestTopics(settings);
  }

  @AfterAll
  static void stop() {
    topics.close();
    broker.close();
  }

  @Test
  void append_packsEachEventWhereKafkaWouldPutItsKey_inOrder() throws Exception {
    String topic = topics.create(5, Map.of());
    Map<String, List<String>> sent = new HashMap<>();
    try (PackingProducer producer = producer(topic, 10)) {
      Random random = new Random(1);
      for (int i = 0; i < 500; i++) {
        String key = Integer.toString(random.nextInt(40));
        append(producer, key, key + ":" + i);
        sent.computeIfAbsent(key, _ -> new ArrayList<>()).add(key + ":" + i);
      }
      producer.flush();
      await().until(done::isComplete);
    }
    Map<String, List<String>> read = new HashMap<>();
    Map<String, Integer> partitions = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> message : topics.read(topic)) {
      assertThat(message.key()).isNull();
      List<String> events = unpack(message);
      assertThat(events).hasSizeLessThanOrEqualTo(10);
      for (String event : events) {
        String key = event.substring(0, event.indexOf(':'));
        read.computeIfAbsent(key, _ -> new ArrayList<>()).add(event);
        partitions.put(key, message.partition());
      }
    }
    assertThat(read).isEqualTo(sent);
    for (String key : sent.keySet()) {
      int kafkas = topics.send(topic, null, key.getBytes(UTF_8), new byte[0]).partition();
      assertThat(partitions).containsEntry(key, kafkas);
    }
  }

  @Test
  void append_withOneEventPerRecord_writesPlainRecordsWithKeys() throws Exception {
    String topic = topics.create(3, Map.of());
    try (PackingProducer producer = producer(topic, 1)) {
      append(producer, "42", "event");
      await().until(done::isComplete);
    }
    ConsumerRecord<byte[], byte[]> only = topics.read(topic).getFirst();
    assertThat(only.key()).isEqualTo("42".getBytes(UTF_8));
    assertThat(only.value()).isEqualTo("event".getBytes(UTF_8));
    assertThat(only.headers().lastHeader(PackedRecord.HEADER)).isNull();
  }

  @Test
  void append_ofAnEventTooLargeToShare_sendsItAloneBehindWhatWaits() throws Exception {
    String topic = topics.create(1, Map.of());
    String large = "x".repeat(PackSettings.DEFAULT_PACK_BYTES + 1);
    try (PackingProducer producer = producer(topic, 100)) {
      append(producer, "1", "before");
      append(producer, "1", large);
      append(producer, "1", "after");
      producer.flush();
      await().until(done::isComplete);
    }
    List<ConsumerRecord<byte[], byte[]>> records = topics.read(topic);
    assertThat(records).hasSize(3);
    assertThat(unpack(records.get(0))).containsExactly("before");
    assertThat(records.get(1).key()).isEqualTo("1".getBytes(UTF_8));
    assertThat(records.get(1).value()).hasSize(large.length());
    assertThat(unpack(records.get(2))).containsExactly("after");
  }

  @Test
  void append_ofAnEventLargerThanTheTopicTakes_refusesItAndGoesOn() throws Exception {
    String topic = topics.create(1, Map.of("max.message.bytes", "1000"));
    try (PackingProducer producer =
        new PackingProducer(settings, packs(topic, 100, 1000), "p", done::failed)) {
      byte[] tooLarge = new byte[900];
      assertThat(producer.append("1".getBytes(UTF_8), tooLarge, 0, 900, done)).isFalse();
      byte[] largest = new byte[1000 - PackSettings.RECORD_OVERHEAD_BYTES];
      new Random(2).nextBytes(largest);
      for (int i = 0; i < 20; i++) {
        assertThat(producer.append("1".getBytes(UTF_8), largest, 0, largest.length, done)).isTrue();
        append(producer, "1", "small");
      }
      producer.flush();
      await().until(done::isComplete);
    }
    assertThat(topics.read(topic)).hasSize(40);
  }

  @Test
  void send_thatTheBrokerRefuses_isFailedAndNeverAcknowledged() throws Exception {
    String topic = topics.create(1, Map.of("max.message.bytes", "200"));
    AtomicInteger failures = new AtomicInteger();
    try (PackingProducer producer =
        new PackingProducer(
            settings, packs(topic, 100, 1 << 20), "p", _ -> failures.incrementAndGet())) {
      byte[] noise = new byte[4000];
      new Random(3).nextBytes(noise);
      assertThat(producer.append("1".getBytes(UTF_8), noise, 0, 4000, done)).isTrue();
      producer.flush();
      await().untilAsserted(() -> assertThat(done.failure.get()).isNotNull());
      assertThatThrownBy(
              () -> {
                append(producer, "1", "next");
                producer.flush();
              })
          .isInstanceOf(KafkaException.class);
    }
    assertThat(failures).hasValue(1);
    assertThat(done.isComplete()).isFalse();
    assertThat(topics.read(topic)).isEmpty();
  }

  @Test
  void flushIfDue_sendsNoSoonerThanTheLinger() throws Exception {
    String topic = topics.create(1, Map.of());
    try (PackingProducer producer = producer(topic, 100)) {
      assertThat(producer.flushIfDue(System.nanoTime())).isEqualTo(Long.MAX_VALUE);
      long before = System.nanoTime();
      append(producer, "1", "event");
      assertThat(producer.flushIfDue(before)).isPositive().isLessThan(Long.MAX_VALUE);
      assertThat(done.isComplete()).isFalse();
      long due = System.nanoTime() + Duration.ofMillis(50).toNanos();
      assertThat(producer.flushIfDue(due)).isEqualTo(Long.MAX_VALUE);
      await().until(done::isComplete);
    }
  }

  @Test
  void close_failsWhatWaits() throws Exception {
    String topic = topics.create(1, Map.of());
    PackingProducer producer = producer(topic, 100);
    append(producer, "1", "event");
    producer.close();
    assertThat(done.failure.get()).isNotNull();
    assertThat(done.isComplete()).isFalse();
  }

  @Test
  void growingTopic_isFollowed() throws Exception {
    String topic = topics.create(1, Map.of());
    try (PackingProducer producer = producer(topic, 4)) {
      topics.grow(topic, 4);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> {
            for (int key = 0; key < 40; key++) {
              append(producer, Integer.toString(key), "e");
            }
            producer.flush();
            producer.flushIfDue(System.nanoTime());
            return topics.read(topic).stream().anyMatch(r -> r.partition() == 3);
          });
      await().until(done::isComplete);
    }
  }

  @Test
  void deadLetter_keepsBytesKeyAndOrigin() throws Exception {
    String topic = topics.create(1, Map.of());
    try (TopicAdmin admin = new TopicAdmin(settings)) {
      admin.ensure(TopicSpec.deadLetters(topic, 1, 1));
    }
    byte[] value = {9, 1, 2, 3, 9};
    ConsumerRecord<byte[], byte[]> origin =
        new ConsumerRecord<>(
            topic,
            7,
            12L,
            0,
            TimestampType.NO_TIMESTAMP_TYPE,
            1,
            5,
            new byte[] {5},
            value,
            new RecordHeaders(),
            Optional.empty());
    try (DeadLetters letters = new DeadLetters(settings, "d", done::failed)) {
      letters.send(origin, 3, value, 1, 3, RejectReason.NO_ID, done);
      await().until(done::isComplete);
    }
    ConsumerRecord<byte[], byte[]> letter = topics.read(topic + ".dead_letters").getFirst();
    assertThat(letter.value()).containsExactly(1, 2, 3);
    assertThat(letter.key()).containsExactly(5);
    Map<String, String> headers = new HashMap<>();
    letter.headers().forEach(h -> headers.put(h.key(), new String(h.value(), UTF_8)));
    assertThat(headers)
        .isEqualTo(
            Map.of(
                "origin.topic", topic,
                "origin.partition", "7",
                "origin.offset", "12",
                "origin.index", "3",
                "reason", "no_id"));
  }

  private PackingProducer producer(String topic, int packEvents) {
    return new PackingProducer(settings, packs(topic, packEvents, 1 << 20), "p", done::failed);
  }

  private static PackSettings packs(String topic, int packEvents, int maxRecordBytes) {
    return new PackSettings(
        topic,
        packEvents,
        PackSettings.DEFAULT_PACK_BYTES,
        Duration.ofMillis(50),
        "lz4",
        maxRecordBytes);
  }

  private void append(PackingProducer producer, String key, String event) {
    byte[] bytes = ("<" + event + ">").getBytes(UTF_8);
    assertThat(producer.append(key.getBytes(UTF_8), bytes, 1, bytes.length - 2, done)).isTrue();
    Arrays.fill(bytes, (byte) 0);
  }

  private static List<String> unpack(ConsumerRecord<byte[], byte[]> message) throws Exception {
    assertThat(message.headers().lastHeader(PackedRecord.HEADER).value()).containsExactly('1');
    PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
    unpacker.wrap(message.value());
    List<String> events = new ArrayList<>();
    while (unpacker.next()) {
      events.add(new String(message.value(), unpacker.offset(), unpacker.length(), UTF_8));
    }
    return events;
  }

  /** Counts what is retained and acknowledged. */
  private static final class Tally implements Acknowledgement {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger retained = new AtomicInteger();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    @Override
    public void retain() {
      retained.incrementAndGet();
      open.incrementAndGet();
    }

    @Override
    public void acknowledged() {
      open.decrementAndGet();
    }

    @Override
    public void failed(Exception cause) {
      failure.set(cause);
    }

    boolean isComplete() {
      return retained.get() > 0 && open.get() == 0;
    }
  }
}
