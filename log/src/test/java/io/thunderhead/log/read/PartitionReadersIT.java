package io.thunderhead.log.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.CapturedLogs;
import io.thunderhead.log.ClientSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init")
final class PartitionReadersIT {
  private static final int BATCH = 100;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private static Path dataDir;

  private static EmbeddedBroker broker;
  private static ClientSettings client;
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(dataDir, 0);
    client = ClientSettings.of(broker.bootstrapServers());
    admin = Admin.create(client.admin("test"));
    producer = new KafkaProducer<>(client.producer("test"));
  }

  @AfterAll
  static void stopBroker() {
    producer.close();
    admin.close();
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH + 7})
  void caughtUp_whateverTheNumberOfRecords_comesAndEverythingIsApplied(int records)
      throws Exception {
    String topic = topic("count-" + records, 1);
    send(topic, 0, 0, records);
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 1, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(recorder.events).hasSize(records);
      assertThat(readers.progress().reasonsNotReady()).isEmpty();
      assertThat(readers.check()).isEmpty();
    }
  }

  @Test
  void caughtUp_oneEmptyPartitionAmongFullOnes_comes() throws Exception {
    String topic = topic("one-empty", 4);
    for (int partition : new int[] {0, 1, 3}) {
      send(topic, partition, partition * 1000, 250);
    }
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 2, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(recorder.events).hasSize(750);
    }
  }

  @Test
  void caughtUp_everyPairOfThreadsAndPartitions_comes() throws Exception {
    for (int partitions = 1; partitions <= 9; partitions++) {
      String topic = topic("pairs-" + partitions, partitions);
      // The last partition stays empty.
      for (int partition = 0; partition < partitions - 1; partition++) {
        send(topic, partition, partition * 1000, 5);
      }
      for (int threads = 1; threads <= 9; threads++) {
        Recorder recorder = new Recorder();
        try (PartitionReaders readers = readers(topic, threads, recorder)) {
          await("threads " + threads + ", partitions " + partitions)
              .pollInterval(Duration.ofMillis(10))
              .atMost(LIMIT)
              .until(readers.progress()::caughtUp);
          assertThat(recorder.events).hasSize(5 * (partitions - 1));
        }
      }
    }
  }

  @Test
  void oneEventThenSilence_isAppliedAndThePartitionStaysFresh() throws Exception {
    String topic = topic("quiet", 2);
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 2, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      send(topic, 1, 7, 1);
      await().atMost(LIMIT).until(() -> recorder.events.contains("1:7"));
      long sentMs = System.currentTimeMillis();
      await().atMost(LIMIT).until(() -> readers.progress().asOfMs() >= sentMs);
      assertThat(readers.progress().lag()).isZero();
    }
  }

  @Test
  void topicMadeLater_isFoundAndRead() throws Exception {
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers("later", 2, recorder)) {
      await()
          .atMost(LIMIT)
          .until(() -> readers.progress().reasonsNotReady().toString().contains("does not exist"));
      topic("later", 2);
      send("later", 1, 0, 3);
      await().atMost(LIMIT).until(() -> recorder.events.size() == 3);
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
    }
  }

  @Test
  void partitionsAddedWhileRunning_areReadFromTheirBeginning() throws Exception {
    String topic = topic("growing", 1);
    send(topic, 0, 0, 10);
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 2, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all().get();
      for (int partition = 1; partition < 5; partition++) {
        send(topic, partition, partition * 1000, 20);
      }
      await().atMost(LIMIT).until(() -> recorder.events.size() == 90);
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(readers.progress().partitions()).hasSize(5);
      // A partition that was not there a moment ago makes nothing look old.
      assertThat(readers.progress().asOfMs()).isPositive();
    }
  }

  @Test
  void abortedTransaction_isSkippedAndCaughtUpComesOverItsMarkers() throws Exception {
    String topic = topic("transactions", 1);
    Properties properties = client.producer("tx");
    properties.put("transactional.id", "tx");
    try (KafkaProducer<byte[], byte[]> transactional =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      transactional.initTransactions();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, bytes("kept"))).get();
      transactional.commitTransaction();
      transactional.beginTransaction();
      transactional.send(new ProducerRecord<>(topic, bytes("aborted"))).get();
      transactional.abortTransaction();
      Recorder recorder = new Recorder();
      try (PartitionReaders readers = readers(topic, 1, recorder)) {
        await().atMost(LIMIT).until(readers.progress()::caughtUp);
        await().atMost(LIMIT).until(() -> readers.progress().lag() == 0);
        assertThat(recorder.events).containsExactly("0:kept");
      }
    }
  }

  @Test
  void startsWithinTheWindow_andNotBefore() throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic("window", 1, (short) 1)
                    .configs(
                        Map.of(
                            "message.timestamp.type", "CreateTime",
                            "message.timestamp.before.max.ms", "9223372036854775807"))))
        .all()
        .get();
    long nowMs = System.currentTimeMillis();
    long[] agesMs = {10_000_000, 9_000_000, 3_600_000 + 200_000, 1_000_000, 0};
    for (int i = 0; i < agesMs.length; i++) {
      producer
          .send(new ProducerRecord<>("window", 0, nowMs - agesMs[i], null, bytes("" + i)))
          .get();
    }
    Recorder recorder = new Recorder();
    ReadSettings settings = settings("window", 1, Duration.ofHours(1), Duration.ofMinutes(5));
    try (PartitionReaders readers =
        new PartitionReaders(client, settings, recorder, new PrometheusRegistry())) {
      readers.start();
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(recorder.events).containsExactly("0:2", "0:3", "0:4");
      assertThat(readers.progress().gap()).isFalse();
      // A producer's clock is no proof of freshness, the broker's end offset is.
      await().atMost(LIMIT).until(() -> readers.progress().asOfMs() >= nowMs);
    }
  }

  @Test
  void logThatBeginsTooLate_isAGap() throws Exception {
    String topic = topic("cut", 2);
    send(topic, 0, 0, 10);
    send(topic, 1, 1000, 10);
    deleteBefore(topic, 0, 4);
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 1, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(recorder.events).hasSize(16);
      assertThat(readers.progress().gap()).isTrue();
      assertThat(readers.progress().partitions().get(0).gap()).isTrue();
      assertThat(readers.progress().partitions().get(1).gap()).isFalse();
    }
  }

  @Test
  void retentionOvertakesAReader_isAGapAndReadingGoesOn() throws Exception {
    String topic = topic("overtaken", 1);
    byte[] large = new byte[20_000];
    new Random(1).nextBytes(large); // Not to be compressed: more than a consumer fetches ahead.
    sendAll(IntStream.range(0, 200).mapToObj(i -> record(topic, 0, large)));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger events = new AtomicInteger();
    EventHandler slow =
        (partition, batch) -> {
          entered.countDown();
          released.await();
          while (batch.next()) {
            events.incrementAndGet();
          }
        };
    ReadSettings settings =
        new ReadSettings(
            topic,
            1,
            Duration.ofDays(2),
            Duration.ofMinutes(5),
            10,
            1 << 20,
            Duration.ofMillis(200),
            Duration.ofMillis(100),
            InstantSource.system());
    try (PartitionReaders readers =
        new PartitionReaders(client, settings, slow, new PrometheusRegistry())) {
      readers.start();
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      deleteBefore(topic, 0, 190);
      released.countDown();
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(readers.progress().gap()).isTrue();
      assertThat(events.get()).isBetween(20, 190);
    }
  }

  @Test
  void topicDeletedAndMadeAgain_isReadFromItsBeginning() throws Exception {
    String topic = topic("remade", 2);
    send(topic, 0, 0, 50);
    send(topic, 1, 1000, 50);
    Recorder recorder = new Recorder();
    try (PartitionReaders readers = readers(topic, 2, recorder)) {
      await().atMost(LIMIT).until(() -> recorder.events.size() == 100);
      admin.deleteTopics(List.of(topic)).all().get();
      await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains(topic));
      topic(topic, 2);
      // One partition longer than what was applied of the old one, the other shorter.
      send(topic, 0, 5000, 80);
      send(topic, 1, 6000, 3);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(recorder.events)
                  .contains("0:5000", "0:5079", "1:6000", "1:6002")
                  .contains("0:5049"));
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
    }
  }

  @Test
  void topicMadeAgainWithFewerPartitions_readerLeftWithNoneLivesOn() throws Exception {
    String topic = topic("shrunk", 2);
    send(topic, 0, 0, 5);
    Recorder recorder = new Recorder();
    try (CapturedLogs logs = new CapturedLogs();
        PartitionReaders readers = readers(topic, 2, recorder)) {
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      admin.deleteTopics(List.of(topic)).all().get();
      await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains(topic));
      topic(topic, 1);
      send(topic, 0, 100, 3);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> recorder.events.contains("0:102") && readers.progress().caughtUp());
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
      await().atMost(LIMIT).until(() -> readers.progress().partitions().size() == 2);
      send(topic, 1, 200, 3);
      await().atMost(LIMIT).until(() -> recorder.events.contains("1:202"));
      assertThat(logs.warnings()).noneMatch(line -> line.contains("died"));
    }
  }

  @Test
  void readerThatDies_isReplacedAndNothingIsSkipped() throws Exception {
    String topic = topic("dying", 3);
    for (int partition = 0; partition < 3; partition++) {
      send(topic, partition, partition * 1000, 30);
    }
    Recorder recorder = new Recorder();
    AtomicBoolean thrown = new AtomicBoolean();
    EventHandler dying =
        (partition, batch) -> {
          if (partition == 1 && thrown.compareAndSet(false, true)) {
            throw new IllegalStateException("planted");
          }
          recorder.apply(partition, batch);
        };
    PrometheusRegistry registry = new PrometheusRegistry();
    try (PartitionReaders readers =
        new PartitionReaders(
            client,
            settings(topic, 3, Duration.ofDays(2), Duration.ofMinutes(5)),
            dying,
            registry)) {
      readers.start();
      await().atMost(LIMIT).until(readers.progress()::caughtUp);
      assertThat(recorder.events).hasSize(90).doesNotHaveDuplicates();
      assertThat(readers.check()).isEmpty();
      assertThat(registry.scrape(name -> name.equals("thunderhead_log_reader_restarts")).toString())
          .isNotEmpty();
    }
  }

  @Test
  void readerThatDiesAgainAndAgain_isToldUntilItLives() throws Exception {
    String topic = topic("dying-often", 2);
    send(topic, 1, 0, 30);
    Recorder recorder = new Recorder();
    AtomicInteger deaths = new AtomicInteger();
    EventHandler dying =
        (partition, batch) -> {
          if (deaths.incrementAndGet() <= 3) {
            throw new IllegalStateException("planted");
          }
          recorder.apply(partition, batch);
        };
    try (PartitionReaders readers = readers(topic, 2, dying)) {
      await()
          .pollInterval(Duration.ofMillis(10))
          .atMost(LIMIT)
          .until(() -> !readers.withoutReader().isEmpty());
      assertThat(readers.withoutReader())
          .singleElement()
          .asString()
          .startsWith("partition 1 has no reader that lives: it died ");
      await().atMost(LIMIT).until(() -> recorder.events.size() == 30);
      await().atMost(LIMIT).until(() -> readers.withoutReader().isEmpty());
    }
  }

  @Test
  void close_whileTheHandlerWaits_endsIt() throws Exception {
    String topic = topic("stopping", 1);
    send(topic, 0, 0, 1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    PartitionReaders readers =
        readers(
            topic,
            1,
            (partition, batch) -> {
              entered.countDown();
              never.await();
            });
    assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
    readers.close();
    assertThat(
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("log-")))
        .isEmpty();
  }

  private static PartitionReaders readers(String topic, int threads, EventHandler handler) {
    PartitionReaders readers =
        new PartitionReaders(
            client,
            settings(topic, threads, Duration.ofDays(2), Duration.ofMinutes(5)),
            handler,
            new PrometheusRegistry());
    readers.start();
    return readers;
  }

  private static ReadSettings settings(String topic, int threads, Duration window, Duration skew) {
    return new ReadSettings(
        topic,
        threads,
        window,
        skew,
        BATCH,
        64 << 20,
        Duration.ofMillis(300),
        Duration.ofMillis(100),
        InstantSource.system());
  }

  private static String topic(String name, int partitions) throws Exception {
    admin
        .createTopics(
            List.of(
                new NewTopic(name, partitions, (short) 1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime"))))
        .all()
        .get();
    return name;
  }

  /** Events {@code partition:first}, {@code partition:first+1}, … */
  private static void send(String topic, int partition, int first, int count) throws Exception {
    sendAll(
        IntStream.range(first, first + count)
            .mapToObj(i -> record(topic, partition, bytes("" + i))));
  }

  private static void sendAll(Stream<ProducerRecord<byte[], byte[]>> records) throws Exception {
    for (Future<?> sent : records.map(producer::send).toList()) {
      sent.get();
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, int partition, byte[] value) {
    return new ProducerRecord<>(topic, partition, null, value);
  }

  private static void deleteBefore(String topic, int partition, long offset)
      throws InterruptedException, ExecutionException {
    admin
        .deleteRecords(
            Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  private static byte[] bytes(String event) {
    return event.getBytes(StandardCharsets.UTF_8);
  }

  /** Keeps what was applied, as {@code partition:event}. */
  private static final class Recorder implements EventHandler {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void apply(int partition, EventBatch batch) {
      while (batch.next()) {
        events.add(
            partition
                + ":"
                + new String(
                    batch.bytes(), batch.offset(), batch.length(), StandardCharsets.UTF_8));
      }
    }
  }
}
