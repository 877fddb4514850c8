package io.thunderhead.log.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.CapturedLogs;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TestTopics;
import io.thunderhead.log.group.GroupHealth.LoopState;
import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
final class GroupReaderIT {
  @TempDir static Path dataDir;
  static EmbeddedBroker broker;
  static ClientSettings settings;
  static TestTopics topics;

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    broker = EmbeddedBroker.start(dataDir, 0);
    settings = ClientSettings.of(broker.bootstrapServers());
    topics = new TestTopics(settings);
  }

  @AfterAll
  static void stop() {
    Awaitility.reset();
    topics.close();
    broker.close();
  }

  @ParameterizedTest
  @EnumSource
  void commit_waitsForAcknowledgements_andCarriesTheLedger(GroupProtocol protocol)
      throws Exception {
    String topic = topics.create(1, Map.of());
    send(topic, 0, 0, 10);
    Recorder recorder = new Recorder(true);
    try (GroupReader reader = reader(settings(topic, protocol, 1000), recorder)) {
      reader.start();
      await().until(() -> recorder.values.size() == 10);
      await().until(() -> reader.check().ready());
      send(topic, 0, 10, 20);
      await().until(() -> recorder.values.size() == 20);
      assertThat(topics.committed(topic, topic)).isEmpty();
      recorder.acknowledgeAll();
      await().until(() -> topics.committedTotal(topic, topic) == 20);
    }
    assertThat(ledger(topic, 0)).isEqualTo(LedgerCounts.parse("from=0;read=20;written=20"));

    send(topic, 0, 20, 25);
    Recorder next = new Recorder(false);
    try (GroupReader reader = reader(settings(topic, protocol, 1000), next)) {
      reader.start();
      await().until(() -> topics.committedTotal(topic, topic) == 25);
    }
    assertThat(next.values).hasSize(5);
    assertThat(ledger(topic, 0)).isEqualTo(LedgerCounts.parse("from=0;read=25;written=25"));
  }

  @Test
  void close_finishesAndCommitsWhatWasRead() throws Exception {
    String topic = topics.create(2, Map.of());
    send(topic, 0, 0, 500);
    send(topic, 1, 500, 1000);
    Recorder recorder = new Recorder(false);
    GroupReader reader = reader(settings(topic, GroupProtocol.CLASSIC, 50), recorder);
    reader.start();
    await().until(() -> !recorder.values.isEmpty());
    reader.close();
    assertThat(topics.committedTotal(topic, topic)).isEqualTo(recorder.values.size());
    assertThat(recorder.flushes).isPositive();
    assertThat(reader.check().loops())
        .allMatch(loop -> loop.state() == LoopState.STOPPED && loop.restarts() == 0);
  }

  @Test
  void failedWrite_movesNoOffset_andIsReadAgainByANewRun() throws Exception {
    String topic = topics.create(1, Map.of());
    send(topic, 0, 0, 10);
    Recorder recorder = new Recorder(true);
    try (GroupReader reader = reader(settings(topic, GroupProtocol.CLASSIC, 1000), recorder)) {
      reader.start();
      await().until(() -> recorder.values.size() == 10);
      recorder.failAll();
      await().until(() -> recorder.values.size() == 20);
      assertThat(topics.committed(topic, topic)).isEmpty();
      assertThat(reader.check().loops().getFirst().restarts()).isEqualTo(1);
      assertThat(reader.check().loops().getFirst().lastFailure()).contains("refused");
      recorder.acknowledgeAll();
      await().until(() -> topics.committedTotal(topic, topic) == 10);
    }
    assertThat(recorder.opened).isEqualTo(2);
    assertThat(recorder.closed).isEqualTo(2);
    assertThat(ledger(topic, 0)).isEqualTo(LedgerCounts.parse("from=0;read=10;written=10"));
  }

  @Test
  void fullLoop_pausesButKeepsPolling_andStaysInItsGroup() throws Exception {
    String topic = topics.create(2, Map.of());
    send(topic, 0, 0, 2000);
    send(topic, 1, 2000, 4000);
    Recorder recorder = new Recorder(true);
    GroupSettings bounded =
        new GroupSettings(
            "test",
            topic,
            topic,
            1,
            100,
            300,
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            GroupProtocol.CLASSIC);
    try (GroupReader reader = reader(bounded, recorder)) {
      reader.start();
      await().until(() -> recorder.values.size() > 300);
      long polls = recorder.ticks;
      await().until(() -> recorder.ticks > polls + 100);
      assertThat(recorder.values.size()).isLessThanOrEqualTo(400);
      assertThat(reader.check().loops().getFirst().inFlightRecords()).isGreaterThan(300);
      recorder.acknowledgeFromNowOn();
      await().until(() -> topics.committedTotal(topic, topic) == 4000);
    }
    assertThat(recorder.values).hasSize(4000);
  }

  /** Stable, polling and heartbeating, and yet nothing comes of it. */
  @Test
  void committedOffsetThatStandsStill_isToldByPartition_untilItMoves() throws Exception {
    String topic = topics.create(2, Map.of());
    send(topic, 0, 0, 10);
    Recorder recorder = new Recorder(true);
    GroupSettings impatient =
        new GroupSettings(
            "test",
            topic,
            topic,
            1,
            1000,
            10_000,
            1 << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            GroupProtocol.CLASSIC,
            Duration.ofSeconds(1));
    try (GroupReader reader = reader(impatient, recorder)) {
      reader.start();
      await().until(() -> recorder.values.size() == 10);
      await()
          .until(() ->
              reader.check().problems().toString().contains("commits nothing since")
                  && reader.check().problems().toString().contains("10 records behind"));
      assertThat(reader.check().problems().toString())
          .contains(topic + "-0")
          .doesNotContain(topic + "-1");
      assertThat(reader.check().alive()).isTrue();
      recorder.acknowledgeFromNowOn();
      await().until(() -> reader.check().ready());
      assertThat(topics.committedTotal(topic, topic)).isEqualTo(10);
      assertThat(reader.check().loops().getFirst().restarts()).isZero();
    }
  }

  @Test
  void interruptedLoop_endsLikeACrash_andAnotherMemberRepeatsOnlyWhatWasNotCommitted()
      throws Exception {
    String topic = topics.create(1, Map.of());
    send(topic, 0, 0, 10);
    Recorder first = new Recorder(false);
    GroupReader crashing = reader(settings(topic, GroupProtocol.CLASSIC, 1000), first);
    crashing.start();
    await().until(() -> topics.committedTotal(topic, topic) == 10);
    first.acknowledging = false;
    send(topic, 0, 10, 15);
    await().until(() -> first.values.size() == 15);
    first.thread.interrupt();
    await().until(() -> crashing.check().loops().getFirst().state() == LoopState.STOPPED);
    crashing.close();
    assertThat(topics.committedTotal(topic, topic)).isEqualTo(10);

    Recorder second = new Recorder(false);
    try (GroupReader reader = reader(settings(topic, GroupProtocol.CLASSIC, 1000), second)) {
      reader.start();
      await().until(() -> topics.committedTotal(topic, topic) == 15);
    }
    assertThat(second.values).containsExactly("10", "11", "12", "13", "14");
  }

  @Test
  void offsetThatRetentionDeleted_isSkippedWithOneWarningAndCounted() throws Exception {
    String topic = topics.create(1, Map.of());
    send(topic, 0, 0, 10);
    try (GroupReader reader =
        reader(settings(topic, GroupProtocol.CLASSIC, 1000), new Recorder(false))) {
      reader.start();
      await().until(() -> topics.committedTotal(topic, topic) == 10);
    }
    send(topic, 0, 10, 30);
    topics.deleteBefore(new TopicPartition(topic, 0), 25);
    Recorder recorder = new Recorder(false);
    try (CapturedLogs logs = new CapturedLogs();
        GroupReader reader = reader(settings(topic, GroupProtocol.CLASSIC, 1000), recorder)) {
      reader.start();
      await().until(() -> topics.committedTotal(topic, topic) == 30);
      assertThat(logs.warnings())
          .hasSize(1)
          .first()
          .asString()
          .contains(topic + "-0")
          .contains("15 offsets were deleted");
    }
    assertThat(recorder.values).containsExactly("25", "26", "27", "28", "29");
    assertThat(ledger(topic, 0))
        .isEqualTo(LedgerCounts.parse("from=0;read=15;skipped=15;written=15"));
  }

  /** Many who come and go, and lose their sessions, are {@link RebalanceStressIT}'s. */
  @ParameterizedTest
  @EnumSource
  void memberComingAndGoing_losesAndRepeatsNothing(GroupProtocol protocol) throws Exception {
    String topic = topics.create(6, Map.of());
    Recorder recorder = new Recorder(false);
    GroupSettings settings = settings(topic, protocol, 20);
    try (CapturedLogs logs = new CapturedLogs();
        GroupReader steady = reader(settings, recorder)) {
      steady.start();
      try (GroupReader visitor = reader(settings, recorder)) {
        visitor.start();
        await().until(() -> visitor.check().loops().getFirst().partitions() > 0);
        for (int partition = 0; partition < 6; partition++) {
          send(topic, partition, partition * 50, partition * 50 + 50);
        }
      }
      await().until(() -> topics.committedTotal(topic, topic) == 300);
      assertThat(distinct(recorder)).hasSize(300);
      assertThat(logs.warnings()).isEmpty();
    }
    // Partitions left in order repeat nothing.
    assertThat(recorder.values).hasSize(300);
    for (int partition = 0; partition < 6; partition++) {
      assertThat(ledger(topic, partition))
          .isEqualTo(LedgerCounts.parse("from=0;read=50;written=50"));
    }
  }

  @Test
  void addedPartition_isRead() throws Exception {
    String topic = topics.create(1, Map.of());
    Recorder recorder = new Recorder(false);
    try (GroupReader reader = reader(settings(topic, GroupProtocol.CLASSIC, 1000), recorder)) {
      reader.start();
      await().until(() -> reader.check().ready());
      topics.grow(topic, 2);
      send(topic, 1, 0, 1);
      await().until(() -> recorder.values.contains("0"));
    }
  }

  @Test
  void impossibleSettings_failForGood_andHealthSaysSo() {
    ClientSettings wrong =
        new ClientSettings(broker.bootstrapServers(), Map.of("fetch.min.bytes", "many"));
    try (GroupReader reader =
        new GroupReader(
            wrong,
            settings("some", GroupProtocol.CLASSIC, 10),
            _ -> new Recorder(false),
            new PrometheusRegistry())) {
      reader.start();
      await().until(() -> !reader.check().alive());
      assertThat(reader.check().problems().getFirst()).contains("fetch.min.bytes");
      assertThat(reader.check().loops().getFirst().restarts()).isZero();
    }
  }

  private static GroupReader reader(GroupSettings settings, Recorder recorder) {
    return new GroupReader(
        GroupReaderIT.settings, settings, _ -> recorder.open(), new PrometheusRegistry());
  }

  private static GroupSettings settings(String topic, GroupProtocol protocol, int pollRecords) {
    return new GroupSettings(
        "test",
        topic,
        topic,
        1,
        pollRecords,
        10_000,
        1 << 20,
        Duration.ofMillis(50),
        Duration.ofSeconds(2),
        protocol);
  }

  private static void send(String topic, int partition, int from, int to) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(
          new ProducerRecord<>(topic, partition, null, Integer.toString(i).getBytes(UTF_8)));
    }
    topics.send(records);
  }

  private static LedgerCounts ledger(String topic, int partition) throws Exception {
    OffsetAndMetadata committed = topics.committed(topic, topic).get(partition);
    return committed == null ? LedgerCounts.NONE : LedgerCounts.parse(committed.metadata());
  }

  private static Set<String> distinct(Recorder recorder) {
    return new TreeSet<>(recorder.values);
  }

  /** Keeps every value that it is handed, and acknowledges at once or when told. */
  private static final class Recorder implements BatchHandler {
    final Queue<String> values = new ConcurrentLinkedQueue<>();
    private final Queue<Ticket> held = new ConcurrentLinkedQueue<>();
    volatile boolean acknowledging;
    volatile Thread thread = Thread.currentThread();
    volatile long ticks;
    volatile int flushes;
    volatile int opened;
    volatile int closed;

    Recorder(boolean holding) {
      acknowledging = !holding;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One run at a time.
    Recorder open() {
      opened++;
      thread = Thread.currentThread();
      return this;
    }

    @Override
    public void handle(
        TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket) {
      ticket.count(
          LedgerCounts.of(Map.of("read", (long) records.size(), "written", (long) records.size())));
      if (!acknowledging) {
        ticket.retain();
        held.add(ticket);
      }
      records.forEach(one -> values.add(new String(one.value(), UTF_8)));
    }

    void acknowledgeAll() {
      for (Ticket ticket = held.poll(); ticket != null; ticket = held.poll()) {
        ticket.acknowledged();
      }
    }

    void acknowledgeFromNowOn() {
      acknowledging = true;
      acknowledgeAll();
    }

    void failAll() {
      for (Ticket ticket = held.poll(); ticket != null; ticket = held.poll()) {
        ticket.failed(new IllegalStateException("refused"));
      }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Polling thread only.
    public long flushIfDue(long nowNanos) {
      ticks++;
      return Long.MAX_VALUE;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Polling thread only.
    public void flush() {
      flushes++;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Polling thread only.
    public void close() {
      closed++;
    }
  }
}
