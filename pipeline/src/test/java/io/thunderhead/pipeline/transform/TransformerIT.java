package io.thunderhead.pipeline.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.pipeline.transform.TestLog.LoggedEvent;
import io.thunderhead.pipeline.transform.TestLog.Route;
import io.thunderhead.pipeline.transform.TransformConfig.InputFormat;
import io.thunderhead.pipeline.transform.TransformConfig.QuotedDelete;
import io.thunderhead.pipeline.transform.Vectors.Vector;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
final class TransformerIT {
  private static final long NOW_SECONDS = Vectors.NOW_MS / 1000;
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(Vectors.NOW_MS));

  @TempDir static Path dataDir;
  static EmbeddedBroker broker;
  static TestLog log;

  private final TweetEventWriter writer = new TweetEventWriter();
  private final PrometheusRegistry registry = new PrometheusRegistry();

  @BeforeAll
  static void start() throws Exception {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    broker = EmbeddedBroker.start(dataDir, 0);
    log = new TestLog(broker.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    Awaitility.reset();
    log.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"plain,1", "plain,100", "packed,1", "packed,100", "mixed,3"})
  void contractsExamples_comeOutByteForByte(String input, int packEvents) throws Exception {
    Route route = log.route(1, 1);
    List<Vector> vectors = Vectors.all();
    int records = send(route, vectors, input);
    transformAll(config(route, packEvents, QuotedDelete.REMOVE), records);

    List<ByteString> written = log.events(route.output()).stream().map(LoggedEvent::bytes).toList();
    List<ByteString> expected =
        vectors.stream().map(Vector::output).filter(Objects::nonNull).toList();
    assertThat(written).containsExactlyElementsOf(expected);

    List<ByteString> bad =
        vectors.stream()
            .filter(one -> "dead letter".equals(one.result()))
            .map(Vector::input)
            .toList();
    List<ConsumerRecord<byte[], byte[]>> letters = log.records(route.deadLetters());
    assertThat(letters.stream().map(one -> ByteString.copyFrom(one.value())).toList())
        .containsExactlyInAnyOrderElementsOf(bad);

    LedgerCounts ledger = log.ledger("g", route.input());
    assertThat(ledger.addsUp()).isTrue();
    assertThat(ledger.read()).isEqualTo(vectors.size());
    assertThat(ledger.written()).isEqualTo(expected.size());
    assertThat(ledger.get("filtered.nullcast")).isEqualTo(1);
    assertThat(ledger.get("filtered.other_event")).isEqualTo(1);
    assertThat(ledger.deadLettered()).isEqualTo(bad.size());
    if (packEvents == 1) {
      assertThat(log.records(route.output()))
          .allSatisfy(one -> assertThat(one.key()).isEqualTo(keyOf(one.value())));
    }
  }

  @Test
  void badEvents_costOnlyThemselves_andAreKeptWithTheirOrigin() throws Exception {
    Route route = log.route(2, 2);
    List<byte[]> hostile = hostileEvents();
    List<ByteString> hostileBytes = hostile.stream().map(ByteString::copyFrom).toList();
    List<ProducerRecord<byte[], byte[]>> input = new ArrayList<>();
    Set<Long> good = new HashSet<>();
    long id = 1_000;
    for (byte[] bad : hostile) {
      input.add(new ProducerRecord<>(route.input(), "k".getBytes(UTF_8), bad));
      byte[] pack = pack(create(id, 7), bad, create(id + 1, 8));
      input.add(TestLog.packed(route.input(), pack));
      byte[] broken = pack.clone();
      broken[pack.length / 2] ^= 1;
      input.add(TestLog.packed(route.input(), broken));
      input.add(new ProducerRecord<>(route.input(), create(id + 2, 9)));
      good.addAll(List.of(id, id + 1, id + 2));
      id += 3;
    }
    input.add(new ProducerRecord<>(route.input(), null));
    ProducerRecord<byte[], byte[]> otherPacking =
        new ProducerRecord<>(route.input(), create(999, 9));
    otherPacking.headers().add(PackedRecord.HEADER, new byte[] {'2'});
    input.add(otherPacking);
    log.send(input);
    transformAll(config(route, 100, QuotedDelete.REMOVE), input.size());

    assertThat(postIds(route.output())).containsAll(good).doesNotContain(999L);
    Map<String, ConsumerRecord<byte[], byte[]>> byAddress = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> one : log.records(route.input())) {
      byAddress.put(one.partition() + "/" + one.offset(), one);
    }
    int brokenPacks = 0;
    List<ConsumerRecord<byte[], byte[]>> letters = log.records(route.deadLetters());
    for (ConsumerRecord<byte[], byte[]> letter : letters) {
      assertThat(TestLog.header(letter, "origin.topic")).isEqualTo(route.input());
      ConsumerRecord<byte[], byte[]> origin =
          byAddress.get(
              TestLog.header(letter, "origin.partition")
                  + "/"
                  + TestLog.header(letter, "origin.offset"));
      assertThat(origin).isNotNull();
      assertThat(letter.key()).isEqualTo(origin.key());
      boolean packed = origin.headers().lastHeader(PackedRecord.HEADER) != null;
      String reason = TestLog.header(letter, "reason");
      if (!packed || reason.contains("pack")) {
        brokenPacks += packed ? 1 : 0;
        assertThat(letter.value()).isEqualTo(origin.value());
        assertThat(TestLog.header(letter, "origin.index")).isEqualTo("0");
      } else {
        assertThat(TestLog.header(letter, "origin.index")).isEqualTo("1");
        assertThat(hostileBytes).contains(ByteString.copyFrom(letter.value()));
      }
    }
    assertThat(brokenPacks).isEqualTo(hostile.size() + 1);
    LedgerCounts ledger = log.ledger("g", route.input());
    assertThat(ledger.addsUp()).isTrue();
    assertThat(ledger.deadLettered()).isEqualTo(letters.size());
    assertThat(ledger.get("filtered.null")).isEqualTo(1);
    assertThat(ledger.written()).isEqualTo(log.events(route.output()).size());
    assertThat(ledger.read()).isEqualTo(6L * hostile.size() + 2);
    assertCountersMatch(ledger);
  }

  @Test
  void singleEventThenSilence_isWrittenAndCommitted_withoutAWarning() throws Exception {
    Route route = log.route(4, 4);
    try (CapturedLogs logs = new CapturedLogs()) {
      try (Transformer transformer =
          new Transformer(log.settings, config(route, 100, QuotedDelete.REMOVE), registry, CLOCK)) {
        transformer.start();
        await().until(() -> transformer.check().ready());
        log.send(List.of(new ProducerRecord<>(route.input(), create(5, 7))));
        await().until(() -> postIds(route.output()).equals(List.of(5L)));
        await().until(() -> log.committedTotal("g", route.input()) == 1);
        assertThat(transformer.check().alive()).isTrue();
      }
      assertThat(logs.warnings()).isEmpty();
    }
  }

  @Test
  void eventsOfAnAuthor_keepTheirOrder() throws Exception {
    Route route = log.route(3, 5);
    Random random = new Random(4);
    List<ProducerRecord<byte[], byte[]>> input = new ArrayList<>();
    Map<Long, List<Long>> sent = new HashMap<>();
    for (long id = 1; id <= 3_000; id++) {
      long author = 1L + random.nextInt(100);
      byte[] event = random.nextInt(10) == 0 ? delete(id, author, 0) : create(id, author);
      input.add(new ProducerRecord<>(route.input(), Long.toString(author).getBytes(UTF_8), event));
      sent.computeIfAbsent(author, _ -> new ArrayList<>()).add(id);
    }
    log.send(input);
    TransformConfig config = config(route, 20, QuotedDelete.REMOVE);
    transformAll(config, input.size());
    Map<Long, List<Long>> written = new HashMap<>();
    InNetworkEventReader reader = new InNetworkEventReader();
    for (LoggedEvent event : log.events(route.output())) {
      reader.read(event.bytes().toByteArray(), 0, event.bytes().size());
      written.computeIfAbsent(reader.authorId(), _ -> new ArrayList<>()).add(reader.postId());
    }
    assertThat(written).isEqualTo(sent);
  }

  @Test
  void times_areCheckedAndTakenAsTheDesignSays() throws Exception {
    Route route = log.route(1, 1);
    List<byte[]> events =
        List.of(
            create(1, 7, NOW_SECONDS + 300),
            create(2, 7, NOW_SECONDS + 301),
            create(3, 7, NOW_SECONDS * 1000),
            create(4, 7, 1),
            delete(5, 7, 1_000_000L),
            delete(6, 0, 0));
    log.send(
        events.stream().map(e -> new ProducerRecord<byte[], byte[]>(route.input(), e)).toList());
    transformAll(config(route, 1, QuotedDelete.REMOVE), events.size());
    assertThat(postIds(route.output())).containsExactly(1L, 4L, 5L, 6L);
    List<LoggedEvent> written = log.events(route.output());
    assertThat(deletedAt(written.get(2))).isEqualTo(1_000);
    assertThat(deletedAt(written.get(3))).isEqualTo(NOW_SECONDS);
    assertThat(written.get(3).origin().key()).isEqualTo("6".getBytes(UTF_8));
    assertThat(log.records(route.deadLetters()))
        .hasSize(2)
        .allSatisfy(
            one -> assertThat(TestLog.header(one, "reason")).isEqualTo("created_in_future"));
  }

  @Test
  void quotedDelete_whenQuotesAreKept_isFiltered() throws Exception {
    Route route = log.route(1, 1);
    writer.writeQuotedDelete(11, 47, 1, 42, Vectors.NOW_MS);
    log.send(List.of(new ProducerRecord<>(route.input(), writer.toByteArray())));
    transformAll(config(route, 100, QuotedDelete.KEEP), 1);
    assertThat(log.events(route.output())).isEmpty();
    assertThat(log.ledger("g", route.input()).get("filtered.quoted_delete")).isEqualTo(1);
  }

  @Test
  void eventThatTheOutputTopicTakesAtNoSize_isADeadLetter() throws Exception {
    Route route = log.routeWithOutputLimit(180);
    TweetFields large = fields(1, Long.MAX_VALUE, NOW_SECONDS);
    large.hasReply = true;
    large.inReplyToPostId = Long.MAX_VALUE;
    large.inReplyToUserId = Long.MAX_VALUE;
    large.conversationId = Long.MAX_VALUE;
    writer.writeCreate(large);
    byte[] tooLarge = writer.toByteArray();
    byte[] fits = delete(2, 3, 1000);
    log.send(
        List.of(
            new ProducerRecord<>(route.input(), tooLarge),
            new ProducerRecord<>(route.input(), fits)));
    transformAll(config(route, 100, QuotedDelete.REMOVE), 2);
    ConsumerRecord<byte[], byte[]> letter = log.records(route.deadLetters()).getFirst();
    assertThat(letter.value()).isEqualTo(tooLarge);
    assertThat(TestLog.header(letter, "reason")).isEqualTo("too_large");
    assertThat(postIds(route.output())).containsExactly(2L);
    assertThat(log.ledger("g", route.input()).addsUp()).isTrue();
  }

  private static TransformConfig config(Route route, int packEvents, QuotedDelete quotedDelete) {
    return new TransformConfig(
        route.input(),
        route.output(),
        InputFormat.THRIFT,
        "g",
        1,
        500,
        packEvents,
        50,
        "lz4",
        quotedDelete,
        300,
        50_000,
        1 << 20,
        GroupProtocol.CLASSIC);
  }

  /** Runs a transformer until everything is committed. */
  private void transformAll(TransformConfig config, int records) {
    try (Transformer transformer = new Transformer(log.settings, config, registry, CLOCK)) {
      transformer.start();
      await().until(() -> log.committedTotal("g", config.inputTopic()) == records);
    }
  }

  private void assertCountersMatch(LedgerCounts ledger) {
    Map<String, Double> counters = new HashMap<>();
    registry
        .scrape()
        .forEach(metric -> {
          if (metric instanceof CounterSnapshot counter) {
            counters.put(
                metric.getMetadata().getName(),
                counter.getDataPoints().stream().mapToDouble(p -> p.getValue()).sum());
          }
        });
    assertThat(counters)
        .containsEntry("thunderhead_transform_read", (double) ledger.read())
        .containsEntry("thunderhead_transform_written", (double) ledger.written())
        .containsEntry("thunderhead_transform_filtered", (double) ledger.filtered())
        .containsEntry("thunderhead_transform_dead_lettered", (double) ledger.deadLettered());
  }

  private static int send(Route route, List<Vector> vectors, String form) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      if (form.equals("plain") || (form.equals("mixed") && i % 3 == 0)) {
        records.add(new ProducerRecord<>(route.input(), vectors.get(i).input().toByteArray()));
      } else if (form.equals("packed") && i == 0) {
        byte[][] all =
            vectors.stream().map(one -> one.input().toByteArray()).toArray(byte[][]::new);
        records.add(TestLog.packed(route.input(), pack(all)));
      } else if (form.equals("mixed")) {
        records.add(TestLog.packed(route.input(), pack(vectors.get(i).input().toByteArray())));
      }
    }
    log.send(records);
    return records.size();
  }

  private static byte[] pack(byte[]... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(1000, 1 << 20);
    for (byte[] event : events) {
      packer.add(event, 0, event.length);
    }
    return packer.toRecord();
  }

  /** Bytes that are no events, or events that lack something. */
  private List<byte[]> hostileEvents() {
    List<byte[]> hostile = new ArrayList<>();
    byte[] whole = create(1, 2);
    hostile.add(new byte[0]);
    hostile.add(new byte[65_536]);
    for (int cut = 1; cut < whole.length; cut += 7) {
      hostile.add(Arrays.copyOf(whole, cut));
    }
    hostile.add(Arrays.copyOf(whole, whole.length + 1));
    Random random = new Random(5);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      noise[0] = (byte) (noise[0] | 0x40); // No struct begins like this.
      hostile.add(noise);
    }
    hostile.add(new byte[] {15, 0, 1, 12, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    hostile.add(new byte[] {11, 0, 1, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
    hostile.add("{\"json\":true}".getBytes(UTF_8));
    writer.writeWithoutData(1);
    hostile.add(writer.toByteArray());
    writer.writeCreateWithoutTweet(7, 1);
    hostile.add(writer.toByteArray());
    hostile.add(create(0, 7));
    hostile.add(create(-1, 7));
    hostile.add(create(Long.MIN_VALUE, 7));
    hostile.add(create(1, -7));
    hostile.add(create(1, 0));
    hostile.add(create(1, 7, 0));
    hostile.add(create(1, 7, Long.MAX_VALUE));
    hostile.add(delete(0, 7, 1));
    return hostile;
  }

  private byte[] create(long postId, long authorId) {
    return create(postId, authorId, NOW_SECONDS);
  }

  private byte[] create(long postId, long authorId, long createdAt) {
    writer.writeCreate(fields(postId, authorId, createdAt));
    return writer.toByteArray();
  }

  private static TweetFields fields(long postId, long authorId, long createdAt) {
    TweetFields fields = new TweetFields();
    fields.postId = postId;
    fields.userId = authorId;
    fields.createdAtSeconds = createdAt;
    return fields;
  }

  private byte[] delete(long postId, long authorId, long timestampMs) {
    writer.writeDelete(postId, authorId, timestampMs);
    return writer.toByteArray();
  }

  private static List<Long> postIds(String topic) throws Exception {
    List<Long> ids = new ArrayList<>();
    InNetworkEventReader reader = new InNetworkEventReader();
    for (LoggedEvent event : log.events(topic)) {
      reader.read(event.bytes().toByteArray(), 0, event.bytes().size());
      ids.add(reader.postId());
    }
    return ids;
  }

  private static long deletedAt(LoggedEvent event) throws Exception {
    InNetworkEventReader reader = new InNetworkEventReader();
    reader.read(event.bytes().toByteArray(), 0, event.bytes().size());
    return reader.deletedAt();
  }

  private static byte[] keyOf(byte[] event) throws Exception {
    InNetworkEventReader reader = new InNetworkEventReader();
    reader.read(event, 0, event.length);
    return Long.toString(reader.authorId()).getBytes(UTF_8);
  }
}
