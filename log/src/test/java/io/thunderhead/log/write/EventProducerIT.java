package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TestTopics;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.log.read.EventBatch;
import io.thunderhead.protocol.PackedRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class EventProducerIT {
  @TempDir static Path dataDir;
  static EmbeddedBroker broker;
  static ClientSettings client;
  static TestTopics topics;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ProducerMetrics metrics = new ProducerMetrics(registry);
  private final Stages stages = new Stages();

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(dataDir, 0);
    client = ClientSettings.of(broker.bootstrapServers());
    topics = new TestTopics(client);
  }

  @AfterAll
  static void stop() {
    topics.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "3, 10", "4, 1"})
  void async_keepsEachKeysOrder_whereKafkaWouldPutIt(int lanes, int packEvents) throws Exception {
    String topic = topics.create(4, Map.of());
    Map<String, List<String>> sent = new HashMap<>();
    Map<String, String> named =
        Map.of("producer.lanes", "" + lanes, "pack.max.events", "" + packEvents, "linger.ms", "5");
    try (var producer = producer(named, stages)) {
      for (int i = 0; i < 3_000; i++) {
        String key = Integer.toString(i % 37);
        producer.send(item(topic, key, key + ":" + i));
        sent.computeIfAbsent(key, _ -> new ArrayList<>()).add(key + ":" + i);
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    Map<String, List<String>> read = new HashMap<>();
    Map<String, String> addresses = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> message : topics.read(topic)) {
      EventBatch batch = new EventBatch(message.partition()).wrap(List.of(message), 0);
      int events = 0;
      while (batch.next()) {
        String event = new String(batch.bytes(), batch.offset(), batch.length(), UTF_8);
        String key = event.substring(0, event.indexOf(':'));
        read.computeIfAbsent(key, _ -> new ArrayList<>()).add(event);
        addresses.put(
            event,
            new EventAddress(topic, batch.partition(), batch.recordOffset(), batch.recordIndex())
                .toString());
        events++;
      }
      assertThat(events).isBetween(1, packEvents);
    }
    assertThat(read).isEqualTo(sent);
    assertThat(stages.addresses).isEqualTo(addresses);
    for (String key : sent.keySet()) {
      int kafkas = topics.send(topic, null, key.getBytes(UTF_8), new byte[0]).partition();
      assertThat(addresses.get(sent.get(key).getFirst())).startsWith(topic + "-" + kafkas + "/");
    }
  }

  @Test
  void sync_returnsAfterTheAcknowledgement() throws Exception {
    String topic = topics.create(1, Map.of());
    try (var producer = producer(Map.of("producer.type", "sync"), stages)) {
      for (int i = 0; i < 20; i++) {
        producer.send(item(topic, "1", "e" + i));
        assertThat(stages.addresses).containsEntry("e" + i, topic + "-0/" + i + "/0");
      }
    }
    assertThat(topics.read(topic)).hasSize(20);
  }

  @Test
  void sync_thatTheBrokerRefuses_throws() throws Exception {
    String topic = topics.create(1, Map.of("max.message.bytes", "200"));
    try (var producer = producer(Map.of("producer.type", "sync"), stages)) {
      assertThatThrownBy(() -> producer.send(item(topic, "1", "x".repeat(1000))))
          .isInstanceOf(KafkaException.class)
          .hasCauseInstanceOf(RecordTooLargeException.class);
      producer.send(item(topic, "1", "small"));
    }
    assertThat(topics.read(topic)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"queue.max.events", "queue.max.bytes"})
  void queueFull_withoutABroker_isSaidOrWaitedFor(String bound) throws Exception {
    ClientSettings nowhere = ClientSettings.of("127.0.0.1:1");
    for (String policy : List.of("fail", "block")) {
      var settings = ProducerSettings.of(Map.of("queue.full", policy, bound, "10"));
      var producer =
          new EventProducer<>(
              nowhere,
              settings,
              policy,
              Encoder.bytes(),
              PackingEventHandler::new,
              stages,
              metrics);
      int fit = bound.equals("queue.max.events") ? 10 : 3;
      for (int i = 0; i < fit; i++) {
        producer.send(item("t", "1", "abc"));
      }
      if (policy.equals("fail")) {
        assertThatThrownBy(() -> producer.send(item("t", "1", "abc")))
            .isInstanceOf(QueueFullException.class);
      } else {
        Thread caller =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    producer.send(item("t", "1", "abc"));
                  } catch (InterruptedException e) {
                    stages.seen.add("interrupted");
                  }
                });
        await().until(() -> caller.getState() == Thread.State.WAITING);
        caller.interrupt();
        caller.join();
        assertThat(stages.seen).contains("interrupted");
      }
      producer.close(Duration.ZERO);
    }
    await()
        .untilAsserted(() ->
            assertThat(stages.seen.stream().filter(s -> s.startsWith("failed")))
                .hasSize(bound.equals("queue.max.events") ? 20 : 6));
  }

  @Test
  void callback_seesEveryStage_andReplaces() throws Exception {
    String topic = topics.create(1, Map.of());
    String other = topics.create(1, Map.of());
    CallbackHandler<byte[]> callback =
        new CallbackHandler<>() {
          @Override
          public QueueItem<byte[]> beforeEnqueue(QueueItem<byte[]> item) {
            return item.withData((text(item) + ">enqueue").getBytes(UTF_8));
          }

          @Override
          public void enqueued(QueueItem<byte[]> item) {
            stages.enqueued(item);
          }

          @Override
          public QueueItem<byte[]> beforeSend(QueueItem<byte[]> item) {
            if (text(item).startsWith("bad")) {
              return new QueueItem<>(topic, new byte[] {9}, item.data());
            }
            return item.withData((text(item) + ">send").getBytes(UTF_8)).withTopic(other);
          }

          @Override
          public void acknowledged(QueueItem<byte[]> item, EventAddress address) {
            stages.acknowledged(item, address);
            throw new IllegalStateException("a call-back of a user");
          }

          @Override
          public void failed(QueueItem<byte[]> item, Exception cause) {
            stages.failed(item, cause);
          }
        };
    try (var producer = producer(Map.of("linger.ms", "0"), callback)) {
      producer.send(item(topic, "1", "e"));
      producer.send(item(topic, "1", "bad"));
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(stages.seen)
        .contains(
            "enqueued e>enqueue",
            "acknowledged e>enqueue>send",
            "failed bad>enqueue IllegalStateException");
    assertThat(topics.read(topic)).isEmpty();
    assertThat(topics.read(other)).hasSize(1);
  }

  @Test
  void tooLarge_failsOrIsADeadLetter_andItsNeighboursArrive() throws Exception {
    String topic = topics.create(1, Map.of());
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.ensure(TopicSpec.deadLetters(topic, 1, 1));
    }
    for (String deadLetters : List.of("false", "true")) {
      try (var producer =
          producer(Map.of("record.max.bytes", "1000", "dead.letters", deadLetters), stages)) {
        producer.send(item(topic, "1", "before"));
        producer.send(item(topic, "1", "x".repeat(1000)));
        producer.send(item(topic, "1", "after"));
        assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
      }
    }
    assertThat(stages.seen)
        .contains("failed " + "x".repeat(1000) + " RecordTooLargeException")
        .contains("dead-lettered " + "x".repeat(1000));
    assertThat(topics.read(topic)).hasSize(2);
    assertThat(topics.read(topic + ".dead_letters")).hasSize(1);
  }

  @Test
  void missingTopic_costsOnlyItsOwnEvents() throws Exception {
    String topic = topics.create(1, Map.of());
    ClientSettings impatient =
        new ClientSettings(broker.bootstrapServers(), Map.of("max.block.ms", "500"));
    try (var producer =
        new EventProducer<>(
            impatient,
            ProducerSettings.defaults(),
            "p",
            Encoder.bytes(),
            PackingEventHandler::new,
            stages,
            metrics)) {
      producer.send(item("nobody-made-this", "1", "lost"));
      producer.send(item(topic, "1", "kept"));
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(stages.seen).contains("failed lost TimeoutException");
    assertThat(stages.addresses).containsOnlyKeys("kept");
  }

  @Test
  void delimited_joinsWhatCanBeToldApart() throws Exception {
    String topic = topics.create(1, Map.of());
    Map<String, String> named =
        Map.of("event.handler", DelimitedEventHandler.class.getName(), "pack.max.events", "3");
    try (var producer =
        new EventProducer<>(client, ProducerSettings.of(named), "p", Encoder.bytes(), metrics)) {
      for (String event : List.of("a", "b", "c\nd", "e", "f", "g", "h")) {
        producer.send(item(topic, "1", event));
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(topics.read(topic))
        .allMatch(message -> message.headers().lastHeader(PackedRecord.HEADER) == null)
        .extracting(message -> new String(message.value(), UTF_8))
        .containsExactly("a\nb", "c\nd", "e\nf\ng", "h");
  }

  @Test
  void usersHandler_thatLeavesItemsOutOrThrows_losesNoneUnsaid() throws Exception {
    String topic = topics.create(1, Map.of());
    EventHandler<byte[]> handler =
        (items, sender, encoder) -> {
          for (QueueItem<byte[]> item : items) {
            if (text(item).equals("sent")) {
              sender.send(
                  sender.destination(item.topic(), item.key()),
                  item.key(),
                  encoder.encode(item.data()),
                  List.of(),
                  List.of(item));
            } else if (text(item).equals("bomb")) {
              throw new IllegalStateException("a handler of a user");
            }
          }
        };
    try (var producer =
        new EventProducer<>(
            client,
            ProducerSettings.defaults(),
            "p",
            Encoder.bytes(),
            () -> handler,
            stages,
            metrics)) {
      for (String event : List.of("sent", "left out")) {
        producer.send(item(topic, "1", event));
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
      for (String event : List.of("bomb", "never reached")) {
        producer.send(item(topic, "1", event));
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(stages.seen)
        .contains(
            "acknowledged sent",
            "failed left out KafkaException",
            "failed bomb IllegalStateException",
            "failed never reached IllegalStateException");
  }

  @Test
  void codec_isEachTopicsOwn() throws Exception {
    String plain = topics.create(1, Map.of());
    String small = topics.create(1, Map.of());
    Map<String, String> named = Map.of("compression.codec." + small, "zstd");
    try (var producer = producer(named, stages)) {
      for (int i = 0; i < 1_000; i++) {
        producer.send(item(plain, "1", "the same words again and again"));
        producer.send(item(small, "1", "the same words again and again"));
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(topics.sizeBytes(small) * 5).isLessThan(topics.sizeBytes(plain));
  }

  @Test
  void packsOfFewBytes_holdFewEvents_andALargerOneGoesAlone() throws Exception {
    String topic = topics.create(1, Map.of());
    try (var producer = producer(Map.of("pack.max.bytes", "100"), stages)) {
      for (int length : List.of(40, 40, 40, 200, 40)) {
        producer.send(item(topic, "1", "x".repeat(length)));
      }
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    List<Integer> events = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> message : topics.read(topic)) {
      EventBatch batch = new EventBatch(0).wrap(List.of(message), 0);
      int count = 0;
      while (batch.next()) {
        count++;
      }
      events.add(count);
    }
    assertThat(events).containsExactly(2, 1, 1, 1);
  }

  @Test
  void threadSeconds_sayThatTheLaneIsSaturated_notTheSender() throws Exception {
    String topic = topics.create(1, Map.of());
    CountDownLatch held = new CountDownLatch(1);
    EventHandler<byte[]> slow =
        (items, sender, encoder) -> {
          try {
            held.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          new PackingEventHandler<byte[]>().handle(items, sender, encoder);
        };
    try (var producer =
        new EventProducer<>(
            client,
            ProducerSettings.of(Map.of("queue.max.events", "10", "linger.ms", "0")),
            "p",
            Encoder.bytes(),
            () -> slow,
            stages,
            metrics)) {
      Thread caller =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    producer.send(item(topic, "1", "e" + i));
                  }
                } catch (InterruptedException e) {
                  stages.seen.add("interrupted");
                }
              });
      await().until(() -> threadSeconds("lane", "busy") > 0.3);
      await().until(() -> threadSeconds("caller", "waiting") > 0.2);
      assertThat(threadSeconds("sender", "busy")).isLessThan(threadSeconds("lane", "busy"));
      held.countDown();
      caller.join();
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(stages.addresses).hasSize(100);
  }

  private double threadSeconds(String thread, String state) {
    return registry.scrape(name -> name.equals("thunderhead_producer_thread_seconds")).stream()
        .flatMap(metric -> metric.getDataPoints().stream())
        .filter(point ->
            thread.equals(point.getLabels().get("thread"))
                && state.equals(point.getLabels().get("state")))
        .mapToDouble(point -> ((CounterSnapshot.CounterDataPointSnapshot) point).getValue())
        .sum();
  }

  @Test
  void callbackByName_seesTheEvents() throws Exception {
    String topic = topics.create(1, Map.of());
    Map<String, String> named = Map.of("callback.handler", CountingCallback.class.getName());
    int before = CountingCallback.ACKNOWLEDGED.get();
    try (var producer =
        new EventProducer<>(client, ProducerSettings.of(named), "p", Encoder.bytes(), metrics)) {
      producer.send(item(topic, "1", "seen"));
      assertThat(producer.flush(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(CountingCallback.ACKNOWLEDGED.get()).isEqualTo(before + 1);
  }

  @Test
  void handlerByName_thatIsNone_isRefused() {
    for (String name : List.of("no.Such", String.class.getName())) {
      ProducerSettings settings = ProducerSettings.of(Map.of("event.handler", name));
      assertThatThrownBy(() -> new EventProducer<>(client, settings, "p", Encoder.bytes(), metrics))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("event.handler");
    }
  }

  @Test
  void close_finishesWhatIsQueued_andTakesNothingMore() throws Exception {
    String topic = topics.create(1, Map.of());
    var producer = producer(Map.of("linger.ms", "60000"), stages);
    producer.send(item(topic, "1", "queued"));
    producer.close();
    assertThat(stages.addresses).containsOnlyKeys("queued");
    assertThatThrownBy(() -> producer.send(item(topic, "1", "late")))
        .isInstanceOf(IllegalStateException.class);
  }

  private EventProducer<byte[]> producer(
      Map<String, String> named, CallbackHandler<byte[]> callback) {
    return new EventProducer<>(
        client,
        ProducerSettings.of(named),
        "p",
        Encoder.bytes(),
        PackingEventHandler::new,
        callback,
        metrics);
  }

  private static QueueItem<byte[]> item(String topic, String key, String event) {
    return new QueueItem<>(topic, key.getBytes(UTF_8), event.getBytes(UTF_8));
  }

  private static String text(QueueItem<byte[]> item) {
    return new String(item.data(), UTF_8);
  }

  /** Made by its name. */
  public static final class CountingCallback implements CallbackHandler<byte[]> {
    private static final AtomicInteger ACKNOWLEDGED = new AtomicInteger();

    @Override
    public void acknowledged(QueueItem<byte[]> item, EventAddress address) {
      ACKNOWLEDGED.incrementAndGet();
    }
  }

  /** Writes down what it sees. */
  private static final class Stages implements CallbackHandler<byte[]> {
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Map<String, String> addresses = new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public void enqueued(QueueItem<byte[]> item) {
      seen.add("enqueued " + text(item));
    }

    @Override
    public void acknowledged(QueueItem<byte[]> item, EventAddress address) {
      seen.add("acknowledged " + text(item));
      addresses.put(text(item), address.toString());
    }

    @Override
    public void deadLettered(QueueItem<byte[]> item) {
      seen.add("dead-lettered " + text(item));
    }

    @Override
    public void failed(QueueItem<byte[]> item, Exception cause) {
      seen.add("failed " + text(item) + " " + cause.getClass().getSimpleName());
    }
  }
}
