package io.thunderhead.pipeline.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.group.GroupHealth.LoopState;
import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.pipeline.transform.TestLog.LoggedEvent;
import io.thunderhead.pipeline.transform.TestLog.Route;
import io.thunderhead.pipeline.transform.TransformConfig.InputFormat;
import io.thunderhead.pipeline.transform.TransformConfig.QuotedDelete;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transformer while what it stands on fails: nothing is lost, and repeats stay bounded. */
@Timeout(300)
final class TransformerFaultIT {
  @TempDir Path dataDir;

  private final TweetEventWriter writer = new TweetEventWriter();

  @BeforeAll
  static void waitLonger() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
  }

  @AfterAll
  static void reset() {
    Awaitility.reset();
  }

  @Test
  void brokerStoppedAndStarted_losesNothing() throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
    String bootstrap = broker.bootstrapServers();
    int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
    try (TestLog log = new TestLog(bootstrap)) {
      Route route = log.route(3, 2);
      // One record in flight: a poll of 100 at a time, so the stop comes in the middle.
      try (Transformer transformer = transformer(log, config(route, 100, 1))) {
        send(log, route, 1, 20_000);
        transformer.start();
        await().until(() -> log.committedTotal("g", route.input()) > 500);
        broker.close();
        broker = EmbeddedBroker.start(dataDir, port);
        send(log, route, 20_001, 21_000);
        await().until(() -> log.committedTotal("g", route.input()) == 21_000);
      }
      assertThat(distinctIds(log, route)).hasSize(21_000);
      LedgerCounts ledger = log.ledger("g", route.input());
      assertThat(ledger.read()).isEqualTo(21_000);
      assertThat(ledger.addsUp()).isTrue();
      assertFirstSightingsInOrder(log, route);
    } finally {
      broker.close();
    }
  }

  @Test
  void oneOfTwoCrashing_losesNothing_andRepeatsOnlyWhatItHadNotCommitted() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
        TestLog log = new TestLog(broker.bootstrapServers())) {
      Route route = log.route(4, 3);
      int inFlight = 400;
      try (Transformer crashing = transformer(log, config(route, 100, inFlight))) {
        crashing.start();
        Thread victim = await().until(TransformerFaultIT::loop, Optional::isPresent).orElseThrow();
        try (Transformer other = transformer(log, config(route, 100, inFlight))) {
          other.start();
          await().until(() -> crashing.check().loops().getFirst().partitions() == 2);
          await().until(() -> other.check().loops().getFirst().partitions() == 2);
          send(log, route, 1, 30_000);
          await().until(() -> log.committedTotal("g", route.input()) > 2_000);
          victim.interrupt();
          await().until(() -> crashing.check().loops().getFirst().state() == LoopState.STOPPED);
          await().until(() -> log.committedTotal("g", route.input()) == 30_000);
        }
      }
      List<Long> all = ids(log, route);
      assertThat(Set.copyOf(all)).hasSize(30_000);
      assertThat(all.size() - 30_000).isLessThanOrEqualTo(inFlight + 100);
      LedgerCounts ledger = log.ledger("g", route.input());
      assertThat(ledger.read()).isEqualTo(30_000);
      assertThat(ledger.addsUp()).isTrue();
      assertFirstSightingsInOrder(log, route);
    }
  }

  @Test
  void deadLettersThatCannotBeWritten_holdTheOffsetBack_untilTheyCan() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
        TestLog log = new TestLog(broker.bootstrapServers())) {
      Route route = log.routeWithDeadLetterLimit(200);
      byte[] bad = new byte[4_000];
      new Random(6).nextBytes(bad);
      log.send(List.of(new ProducerRecord<>(route.input(), bad)));
      send(log, route, 1, 10);
      PrometheusRegistry registry = new PrometheusRegistry();
      try (Transformer transformer =
          new Transformer(log.settings, config(route, 100, 1000), registry)) {
        transformer.start();
        await().until(() -> transformer.check().loops().getFirst().restarts() >= 2);
        assertThat(transformer.check().ready()).isFalse();
        assertThat(transformer.check().loops().getFirst().lastFailure()).contains("TooLarge");
        assertThat(log.committed("g")).isEmpty();
        log.setLimit(route.deadLetters(), 10_000);
        await().until(() -> log.committedTotal("g", route.input()) == 11);
      }
      assertThat(log.records(route.deadLetters()).getFirst().value()).isEqualTo(bad);
      assertThat(distinctIds(log, route)).hasSize(10);
    }
  }

  private static Optional<Thread> loop() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("transform-0"))
        .findFirst();
  }

  private static Transformer transformer(TestLog log, TransformConfig config) {
    return new Transformer(log.settings, config, new PrometheusRegistry());
  }

  private static TransformConfig config(Route route, int batchSize, int maxInFlightRecords) {
    return new TransformConfig(
        route.input(),
        route.output(),
        InputFormat.THRIFT,
        "g",
        1,
        batchSize,
        20,
        5,
        "lz4",
        QuotedDelete.REMOVE,
        300,
        maxInFlightRecords,
        16 << 20,
        GroupProtocol.CLASSIC);
  }

  private void send(TestLog log, Route route, long from, long to) throws Exception {
    TweetFields fields = new TweetFields();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long id = from; id <= to; id++) {
      fields.postId = id;
      fields.userId = 1 + id % 97;
      fields.createdAtSeconds = 1_700_000_000;
      writer.writeCreate(fields);
      byte[] key = Long.toString(fields.userId).getBytes(UTF_8);
      records.add(new ProducerRecord<>(route.input(), key, writer.toByteArray()));
    }
    log.send(records);
  }

  private static List<Long> ids(TestLog log, Route route) throws Exception {
    InNetworkEventReader reader = new InNetworkEventReader();
    List<Long> ids = new ArrayList<>();
    for (LoggedEvent event : log.events(route.output())) {
      reader.read(event.bytes().toByteArray(), 0, event.bytes().size());
      ids.add(reader.postId());
    }
    return ids;
  }

  private static Set<Long> distinctIds(TestLog log, Route route) throws Exception {
    return Set.copyOf(ids(log, route));
  }

  private static void assertFirstSightingsInOrder(TestLog log, Route route) throws Exception {
    Map<Long, List<Long>> byAuthor = new HashMap<>();
    for (long id : ids(log, route)) {
      List<Long> seen = byAuthor.computeIfAbsent(1 + id % 97, _ -> new ArrayList<>());
      if (seen.isEmpty() || id > seen.getLast()) {
        seen.add(id);
      }
    }
    long expected = byAuthor.values().stream().mapToLong(List::size).sum();
    assertThat(expected)
        .as("an event first seen after a later one of its author would be missing here")
        .isEqualTo(distinctIds(log, route).size());
    assertThat(LongStream.rangeClosed(1, 97).boxed().collect(Collectors.toSet()))
        .isEqualTo(byAuthor.keySet());
  }
}
