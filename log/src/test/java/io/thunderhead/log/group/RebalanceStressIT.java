package io.thunderhead.log.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientLines;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.HeldLink;
import io.thunderhead.log.TestTopics;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.log.read.EventBatch;
import io.thunderhead.log.write.CallbackHandler;
import io.thunderhead.log.write.Encoder;
import io.thunderhead.log.write.EventProducer;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingEventHandler;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.log.write.ProducerMetrics;
import io.thunderhead.log.write.ProducerSettings;
import io.thunderhead.log.write.QueueItem;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many members and producers in one JVM, members coming and going all the time, and members that
 * lose their sessions because their network stands still: nothing may be lost, hang, throw or warn.
 * Two rounds; with {@code -Dthunderhead.stress.seconds=300} as long as that.
 */
@Timeout(900)
final class RebalanceStressIT {
  private static final int LEAST_ROUNDS = 2;
  private static final long STRESS_NANOS =
      Duration.ofSeconds(Long.getLong("thunderhead.stress.seconds", 0)).toNanos();
  private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(90);

  /** How far producers are ahead of the members, so that these are always at work. */
  private static final int AHEAD = 10_000;

  private static final int SESSION_MS = 2_000;

  /** Sessions so short that a round need not wait for long. */
  private static final Map<String, String> SHORT_SESSIONS_OF_BROKER =
      Map.of(
          "group.min.session.timeout.ms", "1000",
          "group.consumer.min.session.timeout.ms", "1000",
          "group.consumer.session.timeout.ms", "" + SESSION_MS,
          "group.consumer.min.heartbeat.interval.ms", "100",
          "group.consumer.heartbeat.interval.ms", "500");

  private static final Map<String, String> SHORT_SESSIONS_OF_CLASSIC_MEMBERS =
      Map.of("session.timeout.ms", "" + SESSION_MS, "heartbeat.interval.ms", "500");

  @TempDir Path dataDir;

  @ParameterizedTest
  @EnumSource
  void membersComeGoAndLoseTheirSessions_nothingIsLostHangsOrWarns(
      GroupProtocol protocol, TestReporter reporter) throws Exception {
    try (HeldLink link = new HeldLink()) {
      Map<String, String> settings = new HashMap<>(SHORT_SESSIONS_OF_BROKER);
      settings.put("advertised.listeners", "CLIENT://" + link.address());
      try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, "127.0.0.1", 0, settings)) {
        String address = broker.bootstrapServers();
        link.open(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        ClientSettings client =
            new ClientSettings(
                link.address(),
                protocol == GroupProtocol.CLASSIC ? SHORT_SESSIONS_OF_CLASSIC_MEMBERS : Map.of());
        stress(client, link, protocol, reporter);
      }
    }
  }

  private static void stress(
      ClientSettings client, HeldLink link, GroupProtocol protocol, TestReporter reporter)
      throws Exception {
    try (TestTopics topics = new TestTopics(client);
        Admin admin = Admin.create(client.admin("stress-admin"));
        ClientLines lines = new ClientLines()) {
      String input = topics.create(6, Map.of());
      String output = topics.create(6, Map.of());
      try (TopicAdmin known = new TopicAdmin(client)) {
        known.require(input, output);
      }
      Stress stress = new Stress(client, link, input, output, protocol);
      stress.run(admin);
      int distinct = stress.distinctWritten(topics);
      reporter.publishEntry(stress.figures(protocol, lines));
      assertThat(distinct).isEqualTo(stress.sent.get());
      assertThat(stress.failures).isEmpty();
      assertThat(stress.lost).hasPositiveValue();
      assertThat(ManagementFactory.getThreadMXBean().findDeadlockedThreads()).isNull();
      assertThat(lines.problems()).isEmpty();
    }
  }

  /** One run: producers fill the input, members copy it to the output. */
  private static final class Stress {
    private final ClientSettings client;
    private final HeldLink link;
    private final String input;
    private final String output;
    private final GroupProtocol protocol;
    private final ProducerMetrics metrics = new ProducerMetrics(new PrometheusRegistry());
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore ahead = new Semaphore(AHEAD);
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger copied = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private int rounds;
    private int written;

    Stress(
        ClientSettings client, HeldLink link, String input, String output, GroupProtocol protocol) {
      this.client = client;
      this.link = link;
      this.input = input;
      this.output = output;
      this.protocol = protocol;
    }

    void run(Admin admin) throws Exception {
      AtomicBoolean stop = new AtomicBoolean();
      List<Thread> threads = new ArrayList<>();
      List<EventProducer<byte[]>> producers = new ArrayList<>();
      try (GroupReader steady = member("steady")) {
        steady.start();
        for (int i = 0; i < 3; i++) {
          EventProducer<byte[]> producer = producer("in-" + i);
          producers.add(producer);
          threads.add(Thread.ofPlatform().start(() -> produce(producer, stop)));
        }
        awaitProgress(); // So that only members connect from here on.
        long start = System.nanoTime();
        while (rounds < LEAST_ROUNDS || System.nanoTime() - start < STRESS_NANOS) {
          round(admin);
          requireNoRestart(steady);
          rounds++;
        }
        stop.set(true);
        for (Thread one : threads) {
          one.join();
        }
        for (EventProducer<byte[]> producer : producers) {
          assertThat(producer.flush(PROGRESS_LIMIT)).isTrue();
          producer.close();
        }
        await().atMost(PROGRESS_LIMIT).until(() -> isDone(admin));
      }
    }

    private void round(Admin admin) throws Exception {
      int mark = link.mark();
      String visiting = "visitor-" + rounds;
      try (GroupReader visitor = member(visiting);
          GroupReader other = member("other-" + rounds)) {
        visitor.start();
        await().atMost(PROGRESS_LIMIT).until(() -> reads(visitor));
        link.hold(mark);
        other.start();
        await().atMost(PROGRESS_LIMIT).until(() -> !members(admin).contains(visiting));
        awaitProgress();
        link.releaseAll();
        await().atMost(PROGRESS_LIMIT).until(() -> members(admin).contains(visiting));
        awaitProgress();
        expelAll(admin);
        awaitProgress();
        requireNoRestart(visitor);
        requireNoRestart(other);
      }
    }

    /** The names of the group's members, as the broker knows them now. */
    private Set<String> members(Admin admin) throws Exception {
      Set<String> names = new HashSet<>();
      Objects.requireNonNull(
              admin.describeConsumerGroups(List.of(input)).describedGroups().get(input))
          .get()
          .members()
          .forEach(one -> names.add(one.clientId().substring(0, one.clientId().lastIndexOf('-'))));
      return names;
    }

    private static boolean reads(GroupReader reader) {
      return reader.check().loops().stream().allMatch(loop -> loop.partitions() > 0);
    }

    /**
     * Every member is unknown at once and has to join again; only the classic protocol has this.
     */
    private void expelAll(Admin admin) throws Exception {
      if (protocol == GroupProtocol.CLASSIC) {
        RemoveMembersFromConsumerGroupOptions everybody =
            new RemoveMembersFromConsumerGroupOptions();
        admin.removeMembersFromConsumerGroup(input, everybody).all().get();
      }
    }

    private boolean isDone(Admin admin) throws Exception {
      return admin
              .listConsumerGroupOffsets(input)
              .partitionsToOffsetAndMetadata()
              .get()
              .values()
              .stream()
              .mapToLong(offset -> LedgerCounts.parse(offset.metadata()).written())
              .sum()
          == sent.get();
    }

    private void awaitProgress() {
      int before = copied.get();
      await().atMost(PROGRESS_LIMIT).until(() -> copied.get() > before + 2_000);
    }

    private void requireNoRestart(GroupReader reader) {
      reader.check().loops().stream()
          .filter(loop -> loop.restarts() > 0)
          .forEach(loop -> failures.add(loop.name() + ": " + loop.lastFailure()));
    }

    private GroupReader member(String name) {
      GroupSettings settings =
          new GroupSettings(
              name,
              input,
              input,
              2,
              50,
              2_000,
              1 << 20,
              Duration.ofMillis(50),
              Duration.ofSeconds(5),
              protocol);
      return new GroupReader(
          client,
          settings,
          loop -> new Copier(client, output, name + "-" + loop, this),
          new PrometheusRegistry());
    }

    private EventProducer<byte[]> producer(String name) {
      CallbackHandler<byte[]> callback =
          new CallbackHandler<>() {
            @Override
            public void failed(QueueItem<byte[]> item, Exception cause) {
              failures.add("producer: " + cause);
            }
          };
      ProducerSettings settings =
          ProducerSettings.of(
              Map.of("producer.lanes", "2", "linger.ms", "5", "pack.max.events", "10"));
      return new EventProducer<>(
          client, settings, name, Encoder.bytes(), PackingEventHandler::new, callback, metrics);
    }

    private void produce(EventProducer<byte[]> producer, AtomicBoolean stop) {
      try {
        while (!stop.get()) {
          if (ahead.tryAcquire(100, TimeUnit.MILLISECONDS)) {
            byte[] event = Integer.toString(sent.getAndIncrement()).getBytes(UTF_8);
            producer.send(new QueueItem<>(input, event, event));
          }
        }
      } catch (InterruptedException | RuntimeException e) {
        failures.add("producer: " + e);
      }
    }

    void copied(int events) {
      copied.addAndGet(events);
      ahead.release(events);
    }

    void lost(int partitions) {
      lost.addAndGet(partitions);
    }

    int distinctWritten(TestTopics topics) throws Exception {
      BitSet distinct = new BitSet();
      topics.forEach(
          output,
          message -> {
            EventBatch batch = new EventBatch(message.partition()).wrap(List.of(message), 0);
            while (batch.next()) {
              distinct.set(
                  Integer.parseInt(
                      new String(batch.bytes(), batch.offset(), batch.length(), UTF_8)));
              written++;
            }
          });
      return distinct.cardinality();
    }

    Map<String, String> figures(GroupProtocol protocol, ClientLines lines) {
      return Map.of(
          "protocol", "" + protocol,
          "rounds", "" + rounds,
          "events", "" + sent,
          "written twice", "" + (written - sent.get()),
          "partitions lost with a session", "" + lost,
          "lines at INFO", "" + new TreeMap<>(lines.counts()));
    }
  }

  /** Copies every event, packed, as a transformer does. */
  private static final class Copier implements BatchHandler {
    private final PackingProducer output;
    private final Stress stress;
    private boolean flushed;

    Copier(ClientSettings client, String topic, String name, Stress stress) {
      this.stress = stress;
      PackSettings settings =
          new PackSettings(topic, 20, 64 << 10, Duration.ofMillis(5), "lz4", 1 << 20);
      output = new PackingProducer(client, settings, name, _ -> {});
    }

    @Override
    public void handle(
        TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket) {
      flushed = false;
      EventBatch batch = new EventBatch(partition.partition()).wrap(records, 0);
      int events = 0;
      while (batch.next()) {
        byte[] key =
            Arrays.copyOfRange(batch.bytes(), batch.offset(), batch.offset() + batch.length());
        output.append(key, batch.bytes(), batch.offset(), batch.length(), ticket);
        events++;
      }
      ticket.count(LedgerCounts.of(Map.of("read", (long) events, "written", (long) events)));
      stress.copied(events);
    }

    /** Partitions that leave in peace are flushed before; those of a lost session are not. */
    @Override
    public void gone(Collection<TopicPartition> partitions) {
      if (!flushed) {
        stress.lost(partitions.size());
      }
    }

    @Override
    public long flushIfDue(long nowNanos) {
      flushed = false;
      return output.flushIfDue(nowNanos);
    }

    @Override
    public void flush() {
      flushed = true;
      output.flush();
    }

    @Override
    public void close() {
      output.close();
    }
  }
}
