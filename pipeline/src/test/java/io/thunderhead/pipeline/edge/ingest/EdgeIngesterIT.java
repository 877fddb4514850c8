package io.thunderhead.pipeline.edge.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.pipeline.TopicContents;
import io.thunderhead.pipeline.edge.FilterReason;
import io.thunderhead.pipeline.edge.RecordFault;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.firehose.FileFirehose;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.HttpFirehose;
import io.thunderhead.pipeline.edge.firehose.HttpSettings;
import io.thunderhead.pipeline.edge.firehose.JetstreamFirehose;
import io.thunderhead.pipeline.edge.firehose.ReconnectRules;
import io.thunderhead.pipeline.edge.firehose.ReconnectRules.Wait;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.Activity;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The edge between real sockets and a real broker. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EdgeIngesterIT {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final byte[] NO_DICTIONARY = {};
  private static final int MAX_LINE_BYTES = 4096;
  private static final ReconnectRules QUICK =
      new ReconnectRules(
          new Wait(Duration.ofMillis(5), Duration.ofMillis(50)),
          new Wait(Duration.ofMillis(5), Duration.ofMillis(50)),
          new Wait(Duration.ofMillis(5), Duration.ofMillis(50)),
          Duration.ofSeconds(1));

  @TempDir static Path brokerDir;
  private static EmbeddedBroker broker;

  @TempDir Path directory;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(brokerDir, "127.0.0.1", 0, Map.of());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void everyLine_isAcceptedFilteredOrDeadLettered_withItsOrigin() throws Exception {
    String long1 = "{\"verb\":\"VERB_POST\",\"text\":\"" + "x".repeat(MAX_LINE_BYTES) + "\"}";
    byte[] lines =
        String.join(
                "\n",
                post(1),
                "{not json",
                long1,
                post(1),
                "",
                "{\"verb\":\"VERB_POST\",\"author_id\":\"7\",\"created_at\":\"100\"}",
                post(2).replace("\"created_at\":\"1000\"", "\"created_at\":\"99999999999\""),
                post(3).replace("\"created_at\":\"1000\"", "\"created_at\":\"-5\""),
                post(4).replace("post 4", "post \u00e9"),
                post(5),
                "{\"verb\":\"VERB_PO")
            .getBytes(UTF_8);
    lines[indexOf(lines, (byte) 0xc3)] = (byte) 0xff;
    EdgeConfig config = config(null);
    try (EdgeIngester edge = edge(config, file(lines))) {
      edge.start();
      Awaitility.await().until(edge::isDone);
      EdgeCounts counts = edge.counts();
      assertThat(counts.received()).isEqualTo(10);
      assertThat(counts.accepted()).isEqualTo(2);
      assertThat(counts.duplicate()).isEqualTo(1);
      assertThat(counts.deadLettered())
          .isEqualTo(
              Map.of(
                  RecordFault.NOT_JSON, 1L,
                  RecordFault.LINE_TOO_LONG, 1L,
                  RecordFault.NO_ID, 1L,
                  RecordFault.CREATED_IN_FUTURE, 1L,
                  RecordFault.NO_CREATED_AT, 1L,
                  RecordFault.INVALID_UTF8, 1L,
                  RecordFault.CUT_SHORT, 1L));
      assertThat(edge.inFlight()).isZero();
    }
    assertThat(ids(config)).containsExactlyInAnyOrder(1L, 5L);
    List<ConsumerRecord<byte[], byte[]>> letters =
        topics().records(Topics.deadLetters(config.topic()));
    assertThat(letters)
        .extracting(
            letter -> TopicContents.header(letter, "origin.offset"),
            letter -> TopicContents.header(letter, "reason"))
        .contains(
            tuple("2", "not_json"),
            tuple("3", "line_too_long"),
            tuple("6", "no_id"),
            tuple("7", "created_in_future"),
            tuple("8", "no_created_at"),
            tuple("9", "invalid_utf8"),
            tuple("11", "cut_short"));
    List<String> sent = new String(lines, ISO_8859_1).lines().toList();
    for (int number : new int[] {2, 6, 7, 8, 9, 11}) {
      assertThat(letters)
          .as("line %d is kept as it came", number)
          .anySatisfy(letter -> {
            assertThat(TopicContents.header(letter, "origin.offset")).isEqualTo("" + number);
            assertThat(letter.value()).isEqualTo(sent.get(number - 1).getBytes(ISO_8859_1));
          });
    }
    ConsumerRecord<byte[], byte[]> tooLong =
        letters.stream()
            .filter(letter -> TopicContents.header(letter, "reason").equals("line_too_long"))
            .findFirst()
            .orElseThrow();
    assertThat(TopicContents.header(tooLong, "origin.topic")).isEqualTo("-");
    assertThat(TopicContents.header(tooLong, "origin.bytes")).isEqualTo("" + long1.length());
    assertThat(tooLong.value())
        .isEqualTo(long1.substring(0, config.deadLetterBytes()).getBytes(UTF_8));
    Activity first =
        topics().activities(config.topic()).stream()
            .filter(activity -> activity.getPostId() == 1)
            .findFirst()
            .orElseThrow();
    assertThat(first.getAuthorId()).isEqualTo(7);
  }

  @Test
  void http_gzipCarriageReturnsAndHeartbeats() throws Exception {
    try (LineServer server =
        new LineServer(connection -> {
          connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
          GZIPOutputStream gzip = new GZIPOutputStream(connection.out(), 512, true);
          gzip.write("\r\n\r\n".getBytes(UTF_8));
          gzip.flush();
          for (int id = 1; id <= 100; id++) {
            gzip.write((post(id) + "\r\n\r\n").getBytes(UTF_8));
            gzip.flush();
          }
          connection.hold();
        })) {
      EdgeConfig config = config(null);
      try (EdgeIngester edge = edge(config, http(settings(server.url("/stream"))))) {
        edge.start();
        awaitAccepted(edge, 100);
        assertThat(edge.check().ready()).isTrue();
        assertThat(edge.counts().received()).isEqualTo(100);
      }
      assertThat(ids(config)).hasSize(100);
      assertThat(server.requests.getFirst()).contains("Accept-Encoding: gzip");
    }
  }

  @Test
  void http_brokenConnections_areMadeAgain_andLoseNothingThatComesAgain() throws Exception {
    String half = post(3).substring(0, 30);
    try (LineServer server =
        new LineServer(
            LineServer.status("503 Unavailable"),
            LineServer.status("429 Too Many Requests\r\nRetry-After: 0"),
            LineServer.status("302 Found\r\nLocation: /elsewhere"),
            connection -> {
              connection.send(LineServer.HEAD + post(1) + "\r\n" + post(2) + "\r\n" + half);
              // A cut in the middle of a line.
            },
            connection -> {
              connection.send(LineServer.HEAD + post(2) + "\r\n" + post(3) + "\r\n");
              connection.reset();
            },
            connection -> {
              connection.send(LineServer.HEAD + post(4) + "\r\n");
              connection.hold(); // Silence, until the stall time-out.
            },
            LineServer.lines(List.of(post(5))))) {
      EdgeConfig config = config(null);
      HttpSettings settings = settings(Duration.ofMillis(1500), 3, 1, server.url("/stream?a=b"));
      try (EdgeIngester edge = edge(config, http(settings))) {
        edge.start();
        awaitAccepted(edge, 5);
        assertThat(edge.counts().deadLettered()).containsEntry(RecordFault.CUT_SHORT, 1L);
        assertThat(edge.counts().duplicate()).isEqualTo(1);
      }
      assertThat(ids(config)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
      assertThat(server.requests.get(3)).startsWith("GET /elsewhere ");
      assertThat(server.requests.get(4)).startsWith("GET /stream?a=b&backfillMinutes=1 ");
    }
  }

  @Test
  void http_refusedCredentials_endIt_andSayWhatToDo() throws Exception {
    for (String status : new String[] {"401 Unauthorized", "403 Forbidden", "404 Not Found"}) {
      try (LineServer server = new LineServer(LineServer.status(status));
          EdgeIngester edge = edge(config(null), http(settings(server.url("/"))))) {
        edge.start();
        Awaitility.await().until(() -> edge.check().fatal() != null);
        assertThat(edge.check().fatal()).contains("HTTP " + status.substring(0, 3)).contains("--");
        assertThat(server.requests).hasSize(1);
      }
    }
  }

  @Test
  void http_endlessRedirects_endIt() throws Exception {
    try (LineServer server = new LineServer(LineServer.status("302 Found\r\nLocation: /again"));
        EdgeIngester edge = edge(config(null), http(settings(server.url("/"))))) {
      edge.start();
      Awaitility.await().until(() -> edge.check().fatal() != null);
      assertThat(edge.check().fatal()).contains("redirects");
      assertThat(server.requests).hasSize(HttpFirehose.MAX_REDIRECTS + 1);
    }
  }

  @Test
  void redundantConnections_areTakenAsOne() throws Exception {
    List<String> all = IntStream.rangeClosed(1, 500).mapToObj(EdgeIngesterIT::post).toList();
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(7));
    try (LineServer one = new LineServer(LineServer.lines(all));
        LineServer two = new LineServer(LineServer.lines(shuffled))) {
      EdgeConfig config = config(null);
      HttpSettings settings = settings(Duration.ofSeconds(30), 0, 2, one.url("/"), two.url("/"));
      try (EdgeIngester edge = edge(config, http(settings))) {
        edge.start();
        Awaitility.await().until(() -> edge.counts().received() == 2000);
        assertThat(edge.counts().accepted()).isEqualTo(500);
        assertThat(edge.counts().duplicate()).isEqualTo(1500);
      }
      assertThat(ids(config)).hasSize(500).doesNotHaveDuplicates();
    }
  }

  @Test
  void restart_afterACrash_takesNothingTwiceThatItsFileCounts() throws Exception {
    List<String> lines = IntStream.rangeClosed(1, 2000).mapToObj(EdgeIngesterIT::post).toList();
    List<String> more = IntStream.rangeClosed(1, 2500).mapToObj(EdgeIngesterIT::post).toList();
    EdgeConfig config = config(null, RecordFormat.NDJSON, directory.resolve("cursor.json"));
    Path crashed = directory.resolve("crashed");
    try (LineServer server = new LineServer(LineServer.lines(lines), LineServer.lines(more))) {
      try (EdgeIngester edge = edge(config, http(settings(server.url("/"))))) {
        edge.start();
        awaitAccepted(edge, 2000);
        Awaitility.await().until(() -> saved(config.cursorFile()) == 2000);
        copy(directory, crashed); // What a kill -9 would leave.
      }
      EdgeConfig again = config.withCursorFile(crashed.resolve("cursor.json"));
      try (EdgeIngester edge = edge(again, http(settings(server.url("/"))))) {
        edge.start();
        awaitAccepted(edge, 2500);
        assertThat(edge.counts().duplicate()).isEqualTo(2000);
      }
    }
    assertThat(ids(config)).hasSize(2500).doesNotHaveDuplicates();
  }

  @Test
  void activityThatItsTopicTakesAtNoSize_isADeadLetterOutsideOfAnyPartition() throws Exception {
    EdgeConfig config = config(null);
    try (TopicAdmin admin = new TopicAdmin(ClientSettings.of(broker.bootstrapServers()))) {
      admin.ensure(TopicAdmin.withDeadLetters(TopicSpec.events(config.topic(), 2, 1)));
    }
    lowerLimit(config.topic(), 2000);
    String large = post(2).replace("post 2", "z".repeat(2500));
    try (EdgeIngester edge = edge(config, file((post(1) + "\n" + large + "\n").getBytes(UTF_8)))) {
      edge.start();
      Awaitility.await().until(edge::isDone);
      assertThat(edge.counts().accepted()).isEqualTo(2);
      assertThat(edge.counts().refusedByTopic()).isEqualTo(1);
    }
    assertThat(ids(config)).containsExactly(1L);
    ConsumerRecord<byte[], byte[]> letter =
        topics().records(Topics.deadLetters(config.topic())).getFirst();
    assertThat(TopicContents.header(letter, "reason")).isEqualTo("too_large");
    assertThat(TopicContents.header(letter, "origin.topic")).isEqualTo(config.topic());
    assertThat(TopicContents.header(letter, "origin.partition")).isEqualTo("-1");
  }

  @Test
  void http_refusalsForNow_andBytesThatTrickle_loseNothing() throws Exception {
    try (LineServer server =
        new LineServer(
            LineServer.status("429 Too Many Requests\r\nRetry-After: 1"),
            LineServer.status("420 Enhance Your Calm"),
            connection -> {
              connection.send(LineServer.HEAD);
              for (byte one : (post(1) + "\r\n" + post(2) + "\r\n").getBytes(UTF_8)) {
                connection.send(new byte[] {one});
              }
              connection.hold();
            })) {
      EdgeConfig config = config(null);
      try (EdgeIngester edge =
          edge(config, http(settings(Duration.ofMillis(1500), 0, 1, server.url("/"))))) {
        edge.start();
        awaitAccepted(edge, 2);
        Awaitility.await().until(() -> server.requests.size() > 3); // It stalled in the end.
        assertThat(edge.counts().deadLettered()).isEmpty();
      }
      assertThat(ids(config)).containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  void brokerLostInMidStream_andBack_losesNothing_andKeepsTheOrder() throws Exception {
    Path data = directory.resolve("kafka");
    int port = freePort();
    ClientSettings client = ClientSettings.of("127.0.0.1:" + port);
    EdgeConfig config = config(directory.resolve("spool"));
    CountDownLatch gone = new CountDownLatch(1);
    try (LineServer server =
        new LineServer(connection -> {
          connection.send(LineServer.HEAD);
          for (int id = 1; id <= 2000; id++) {
            connection.send(post(id) + "\r\n");
          }
          gone.await();
          for (int id = 2001; id <= 4000; id++) {
            connection.send(post(id) + "\r\n");
          }
          connection.hold();
        })) {
      try (EdgeIngester edge = edge(config, http(settings(server.url("/"))), client)) {
        try (EmbeddedBroker there = EmbeddedBroker.start(data, "127.0.0.1", port, Map.of())) {
          assertThat(there.bootstrapServers()).endsWith(":" + port);
          edge.start();
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> edge.counts().accepted() == 2000 && edge.inFlight() == 0);
        }
        gone.countDown();
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> edge.counts().accepted() == 4000);
        assertThat(edge.check().reasons()).anyMatch(reason -> reason.contains("spooling"));
        try (EmbeddedBroker back = EmbeddedBroker.start(data, "127.0.0.1", port, Map.of())) {
          assertThat(back.bootstrapServers()).endsWith(":" + port);
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(() ->
                  new TopicContents(client)
                          .activities(config.topic()).stream()
                              .map(Activity::getPostId)
                              .distinct()
                              .count()
                      == 4000);
          assertThat(
                  new TopicContents(client)
                      .activities(config.topic()).stream()
                          .map(Activity::getPostId)
                          .distinct()
                          .toList())
              .isSorted();
        }
      }
    }
  }

  @Test
  void withoutKafka_itSpools_andDrainsInOrderWhenKafkaComes(@TempDir Path late) throws Exception {
    int port = freePort();
    ClientSettings client = ClientSettings.of("127.0.0.1:" + port);
    EdgeConfig config = config(directory.resolve("spool"));
    List<String> lines = IntStream.rangeClosed(1, 3000).mapToObj(EdgeIngesterIT::post).toList();
    try (LineServer server = new LineServer(LineServer.lines(lines))) {
      HttpSettings settings = settings(server.url("/"));
      try (EdgeIngester edge = edge(config, http(settings), client)) {
        edge.start();
        awaitAccepted(edge, 3000);
        assertThat(edge.check().ready()).isTrue();
        assertThat(edge.check().reasons()).anyMatch(reason -> reason.contains("spooling"));
      }
      // Another process, with Kafka this time.
      try (LineServer next = new LineServer(LineServer.lines(List.of(post(3001), post(3002))));
          EmbeddedBroker there = EmbeddedBroker.start(late, "127.0.0.1", port, Map.of())) {
        assertThat(there.bootstrapServers()).endsWith(":" + port);
        EdgeConfig again = config.withCursorFile(directory.resolve("other.json"));
        try (EdgeIngester edge = edge(again, http(settings(next.url("/"))), client)) {
          edge.start();
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> new TopicContents(client).activities(config.topic()).size() >= 3002);
          Awaitility.await()
              .until(() -> edge.check().reasons().stream().noneMatch(r -> r.contains("spooling")));
        }
        assertThat(
                new TopicContents(client)
                    .activities(config.topic()).stream().map(Activity::getPostId).toList())
            .as("one author, one partition, the order of the source")
            .isEqualTo(IntStream.rangeClosed(1, 3002).mapToObj(Long::valueOf).toList());
      }
    }
  }

  @Test
  void fullSpool_stopsTheReading_andGoesOnLater(@TempDir Path late) throws Exception {
    int port = freePort();
    ClientSettings client = ClientSettings.of("127.0.0.1:" + port);
    EdgeConfig config = config(directory.resolve("spool")).withSpoolBytes(1 << 20);
    String padding = "y".repeat(1000);
    List<String> lines =
        IntStream.rangeClosed(1, 4000)
            .mapToObj(id -> post(id).replace("post " + id, padding))
            .toList();
    try (LineServer server = new LineServer(LineServer.lines(lines));
        EdgeIngester edge = edge(config, http(settings(server.url("/"))), client)) {
      edge.start();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> edge.check().reasons().stream().anyMatch(r -> r.contains("full")));
      assertThat(edge.check().ready()).isFalse();
      assertThat(edge.counts().accepted()).isBetween(100L, 3999L);
      try (EmbeddedBroker there = EmbeddedBroker.start(late, "127.0.0.1", port, Map.of())) {
        assertThat(there.bootstrapServers()).endsWith(":" + port);
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> edge.counts().accepted() == 4000);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> new TopicContents(client).activities(config.topic()).size() >= 4000);
        assertThat(
                new TopicContents(client)
                    .activities(config.topic()).stream().map(Activity::getPostId).distinct())
            .hasSize(4000);
      }
    }
  }

  @Test
  void jetstream_resumesBeforeItsCursor_andTakesNothingTwice() throws Exception {
    try (Jetstream server = new Jetstream(NO_DICTIONARY)) {
      EdgeConfig config = config(null, RecordFormat.JETSTREAM, directory.resolve("cursor.json"));
      try (EdgeIngester edge = edge(config, jetstream(server, NO_DICTIONARY))) {
        edge.start();
        awaitAccepted(edge, 3);
        assertThat(edge.counts().filtered())
            .isEqualTo(Map.of(FilterReason.IDENTITY, 2L, FilterReason.ACCOUNT, 2L));
        assertThat(edge.counts().duplicate()).isEqualTo(1);
      }
      assertThat(server.requests.get(0)).doesNotContain("cursor");
      assertThat(server.requests.get(1)).contains("cursor=1779999998000001");
      assertThat(topics().activities(config.topic()))
          .extracting(Activity::getNativeId)
          .containsExactlyInAnyOrder(
              "at://did:plc:a/app.bsky.feed.post/1",
              "at://did:plc:a/app.bsky.feed.post/1",
              "at://did:plc:b/app.bsky.feed.post/2");
      try (EdgeIngester edge = edge(config, jetstream(server, NO_DICTIONARY))) {
        edge.start();
        Awaitility.await().until(() -> server.requests.size() >= 3);
      }
      assertThat(server.requests.get(2)).contains("cursor=1779999999000000");
    }
  }

  @Test
  void jetstream_compressedFrames() throws Exception {
    byte[] dictionary = "{\"did\":\"did:plc:\",\"time_us\":17,\"kind\":\"commit\"".getBytes(UTF_8);
    try (Jetstream server = new Jetstream(dictionary)) {
      EdgeConfig config = config(null, RecordFormat.JETSTREAM, null);
      try (EdgeIngester edge = edge(config, jetstream(server, dictionary))) {
        edge.start();
        awaitAccepted(edge, 3);
        assertThat(edge.counts().deadLettered()).isEmpty();
      }
      assertThat(server.requests.get(0)).contains("compress=true");
    }
  }

  /** One frame set per connection: the first ends after two posts, the next repeats one. */
  private static final class Jetstream extends WebSocketServer implements AutoCloseable {
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final byte[] dictionary;
    private volatile boolean up;

    Jetstream(byte[] dictionary) {
      super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      this.dictionary = dictionary;
      setReuseAddr(true);
      start();
      Awaitility.await().until(() -> up);
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake request) {
      requests.add(request.getResourceDescriptor());
      boolean first = requests.size() == 1;
      send(socket, commit("a", "1", 1_780_000_000_000_000L, "create"));
      send(socket, frame("identity", 1_780_000_000_000_001L));
      send(socket, frame("account", 1_779_999_999_000_001L));
      if (first) {
        socket.close();
      } else {
        send(socket, commit("b", "2", 1_780_000_001_000_000L, "create"));
        send(socket, commit("a", "1", 1_780_000_001_000_000L, "delete"));
      }
    }

    private void send(WebSocket socket, String frame) {
      if (dictionary.length == 0) {
        socket.send(frame);
      } else {
        byte[] plain = frame.getBytes(UTF_8);
        socket.send(Zstd.compressUsingDict(plain, dictionary, 3));
      }
    }

    private static String commit(String who, String key, long timeUs, String operation) {
      return ("{\"did\":\"did:plc:%s\",\"time_us\":%d,\"kind\":\"commit\",\"commit\":"
              + "{\"operation\":\"%s\",\"collection\":\"app.bsky.feed.post\",\"rkey\":\"%s\","
              + "\"record\":{\"text\":\"hello\",\"createdAt\":\"2026-05-25T14:23:28.757Z\"}}}")
          .formatted(who, timeUs, operation, key);
    }

    private static String frame(String kind, long timeUs) {
      return "{\"did\":\"did:plc:a\",\"time_us\":%d,\"kind\":\"%s\"}".formatted(timeUs, kind);
    }

    @Override
    public void onStart() {
      up = true;
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onMessage(WebSocket socket, String message) {}

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {}

    @Override
    public void onError(@Nullable WebSocket socket, Exception e) {}

    @Override
    public void close() {
      try {
        stop(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void lowerLimit(String topic, int bytes) throws Exception {
    try (Admin admin =
        Admin.create(ClientSettings.of(broker.bootstrapServers()).admin("edge-test"))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static long saved(@Nullable Path cursorFile) throws Exception {
    return cursorFile == null || !Files.exists(cursorFile)
        ? -1
        : new ObjectMapper().readTree(cursorFile.toFile()).path("accepted").asLong();
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static void awaitAccepted(EdgeIngester edge, long count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> edge.counts().accepted() >= count);
  }

  private List<Long> ids(EdgeConfig config) throws Exception {
    return topics().activities(config.topic()).stream().map(Activity::getPostId).toList();
  }

  private static TopicContents topics() {
    return new TopicContents(ClientSettings.of(broker.bootstrapServers()));
  }

  private static EdgeIngester edge(EdgeConfig config, Firehose firehose) throws Exception {
    return edge(config, firehose, ClientSettings.of(broker.bootstrapServers()));
  }

  private static EdgeIngester edge(EdgeConfig config, Firehose firehose, ClientSettings client)
      throws Exception {
    return new EdgeIngester(
        config, firehose, client, new PrometheusRegistry(), QUICK, InstantSource.system());
  }

  private static Firehose file(byte[] lines) {
    return FileFirehose.of(new ByteArrayInputStream(lines), MAX_LINE_BYTES);
  }

  private static Firehose http(HttpSettings settings) {
    return new HttpFirehose(settings, InstantSource.system());
  }

  private static Firehose jetstream(Jetstream server, byte[] dictionary) {
    URI url = URI.create("ws://127.0.0.1:" + server.getPort() + "/subscribe?wantedCollections=x");
    return new JetstreamFirehose(
        new HttpSettings(
            List.of(url),
            1,
            null,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            MAX_LINE_BYTES,
            0,
            Duration.ofSeconds(2),
            dictionary),
        InstantSource.system());
  }

  private static HttpSettings settings(URI... urls) {
    return settings(Duration.ofSeconds(30), 0, 1, urls);
  }

  private static HttpSettings settings(
      Duration stall, int backfillMinutes, int connections, URI... urls) {
    return new HttpSettings(
        Arrays.asList(urls),
        connections,
        null,
        Duration.ofSeconds(5),
        stall,
        MAX_LINE_BYTES,
        backfillMinutes,
        Duration.ZERO,
        NO_DICTIONARY);
  }

  private static EdgeConfig config(@Nullable Path spoolDir) {
    return config(
        spoolDir, RecordFormat.NDJSON, spoolDir == null ? null : spoolDir.resolve("cursor.json"));
  }

  private static EdgeConfig config(
      @Nullable Path spoolDir, RecordFormat format, @Nullable Path cursorFile) {
    return new EdgeConfig(
        "activities-" + NAMES.incrementAndGet(),
        2,
        1,
        true,
        format,
        50,
        5,
        "lz4",
        500,
        64L << 20,
        256L << 10,
        10_000,
        300,
        1024,
        spoolDir,
        64L << 20,
        300,
        cursorFile);
  }

  private static String post(int id) {
    return ("{\"publisher\":\"test\",\"verb\":\"VERB_POST\",\"post_id\":\"%d\",\"author_id\":\"7\","
            + "\"created_at\":\"1000\",\"text\":\"post %d\"}")
        .formatted(id, id);
  }

  private static int indexOf(byte[] bytes, byte wanted) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw new AssertionError("there is no such byte");
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
