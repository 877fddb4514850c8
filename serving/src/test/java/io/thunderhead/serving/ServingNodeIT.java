package io.thunderhead.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.replay.Readiness;
import io.thunderhead.serving.replay.Replay;
import io.thunderhead.serving.replay.ReplayConfig;
import io.thunderhead.serving.replay.ReplayCounts;
import io.thunderhead.serving.replay.ReplayOutcome;
import io.thunderhead.serving.replay.ReplayState;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A whole node on a real broker, asked over a real socket. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init")
final class ServingNodeIT {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @TempDir private static Path dir;

  private static EmbeddedBroker broker;
  private static ClientSettings client;
  private static EventProducer events;

  private final long now = System.currentTimeMillis() / 1000;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0);
    client = ClientSettings.of(broker.bootstrapServers());
    events = new EventProducer(client);
  }

  @AfterAll
  static void stopBroker() {
    events.close();
    broker.close();
  }

  @Test
  void start_beforeTheBrokerAndTheTopic_isUnavailableAndSaysWhy() throws Exception {
    try (Caller caller = new Caller(start("not-yet", 2, 60, null))) {
      assertThat(caller.health()).isEqualTo(ServingStatus.NOT_SERVING);
      StatusRuntimeException refused =
          catchThrowableOfType(StatusRuntimeException.class, () -> caller.get(1));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      await()
          .atMost(LIMIT)
          .until(() -> caller.node.readiness().reasons().toString().contains("does not exist"));
      topic("not-yet", 3);
      await().atMost(LIMIT).until(() -> caller.health() == ServingStatus.SERVING);
      assertThat(caller.get(1).getCompleteness().getComplete()).isTrue();
      assertThat(caller.node.readiness())
          .isEqualTo(new Readiness(ReplayState.SERVING, true, false, List.of()));
    }
  }

  @Test
  void get_plainPackedAndMixedRecords_givesAllPosts() throws Exception {
    topic("mixed", 2);
    events.plain("mixed", 0, events.create(1, 100, now - 9));
    events.packed("mixed", 1, events.create(2, 100, now - 8), events.create(3, 100, now - 7));
    events.packed("mixed", 0, events.create(4, 100, now - 6));
    events.plain("mixed", 0, events.create(5, 100, now - 5));
    try (Caller caller = ready("mixed", 4)) {
      assertThat(caller.ids(100)).containsExactly(5L, 4L, 3L, 2L, 1L);
      events.packed("mixed", 1, events.create(6, 100, now - 4), events.create(7, 100, now - 3));
      await().atMost(LIMIT).until(() -> caller.ids(100).size() == 7);
      assertThat(caller.node.counts().replayed().of(ReplayOutcome.APPLIED)).isEqualTo(5);
      assertThat(caller.node.counts().live().of(ReplayOutcome.APPLIED)).isEqualTo(2);
    }
  }

  @Test
  void garbageBetweenGoodEvents_costsOnlyItselfAndIsCounted() throws Exception {
    topic("hostile", 1);
    byte[][] garbage = {
      {},
      {0x0a},
      {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1},
      {0x7a, 0x00}, // Field 15: a variant that is not known here.
      events.create(-4, 100, now),
      events.create(4, -100, now),
      events.create(4, 100, -1),
    };
    for (int i = 0; i < garbage.length; i++) {
      events.plain("hostile", 0, events.create(1000 + i, 100, now - i));
      events.plain("hostile", 0, garbage[i]);
      events.packed("hostile", 0, garbage[i], events.create(2000 + i, 100, now - i), garbage[i]);
    }
    events.nullValue("hostile", 0);
    events.brokenPack("hostile", 0);
    events.plain("hostile", 0, events.create(9, 100, now + 100_000));
    events.plain("hostile", 0, events.create(8, 100, now - 1_000_000));
    events.plain("hostile", 0, events.create(7, 100, now));
    try (Caller caller = ready("hostile", 1)) {
      assertThat(caller.ids(100)).hasSize(2 * garbage.length + 1).contains(7L);
      ReplayCounts.Part counts = caller.node.counts().replayed();
      assertThat(counts.of(ReplayOutcome.APPLIED)).isEqualTo(2 * garbage.length + 1);
      assertThat(counts.of(ReplayOutcome.MALFORMED)).isEqualTo(3 * garbage.length + 1);
      assertThat(counts.of(ReplayOutcome.NULL)).isEqualTo(1);
      assertThat(counts.of(ReplayOutcome.FUTURE)).isEqualTo(1);
      assertThat(counts.of(ReplayOutcome.EXPIRED)).isEqualTo(1);
      assertThat(counts.malformed())
          .containsEntry(RejectReason.UNKNOWN_VARIANT, 3L)
          .containsEntry(RejectReason.NO_VARIANT, 3L)
          .containsEntry(RejectReason.BAD_PACK_CHECKSUM, 1L);
      assertThat(counts.malformed().values().stream().mapToLong(n -> n).sum())
          .isEqualTo(counts.of(ReplayOutcome.MALFORMED));
      assertThat(counts.total()).isEqualTo(5L * garbage.length + 5);
      assertThat(caller.node.check()).isEmpty();
    }
  }

  @Test
  void deletesAndCreates_inWhateverOrderAndOnWhateverPartition_stayDeleted() throws Exception {
    topic("deletes", 2);
    events.packed(
        "deletes",
        0,
        events.create(1, 100, now - 9),
        events.delete(1, now, 100),
        events.create(1, 100, now - 9),
        events.delete(2, now, 0),
        events.create(2, 100, now - 8));
    events.plain("deletes", 1, events.delete(3, now, 0));
    events.plain("deletes", 0, events.create(3, 100, now - 7));
    events.plain("deletes", 0, events.create(4, 100, now - 6));
    try (Caller caller = ready("deletes", 2)) {
      assertThat(caller.ids(100)).containsExactly(4L);
      events.plain("deletes", 1, events.delete(4, now, 0));
      await().atMost(LIMIT).until(() -> caller.ids(100).isEmpty());
      events.plain("deletes", 1, events.create(4, 100, now - 6));
      await().atMost(LIMIT).until(() -> caller.node.counts().live().of(ReplayOutcome.DELETED) == 1);
      assertThat(caller.ids(100)).isEmpty();
    }
  }

  @Test
  void restart_answersTheSame() throws Exception {
    topic("again", 3);
    for (int i = 1; i <= 300; i++) {
      events.plain("again", i % 3, events.create(i, 100 + i % 7, now - i));
    }
    List<Long> before;
    try (Caller caller = ready("again", 2)) {
      before = caller.ids(100, 101, 102, 103, 104, 105, 106);
      assertThat(before).hasSize(300);
    }
    try (Caller caller = ready("again", 5)) {
      assertThat(caller.ids(100, 101, 102, 103, 104, 105, 106)).isEqualTo(before);
    }
  }

  @Test
  void oneEventThenSilence_isServed() throws Exception {
    topic("silence", 4);
    try (Caller caller = ready("silence", 4)) {
      events.plain("silence", 2, events.create(1, 100, now));
      await().atMost(LIMIT).until(() -> caller.ids(100).equals(List.of(1L)));
      long sentMs = System.currentTimeMillis();
      await().atMost(LIMIT).until(() -> caller.get(100).getCompleteness().getAsOfMs() >= sentMs);
    }
  }

  @Test
  void partitionsAdded_areServedAndTheNodeStaysReady() throws Exception {
    topic("more", 1);
    try (Caller caller = ready("more", 2)) {
      try (Admin admin = Admin.create(client.admin("test"))) {
        admin.createPartitions(Map.of("more", NewPartitions.increaseTo(4))).all().get();
      }
      for (int partition = 0; partition < 4; partition++) {
        events.plain("more", partition, events.create(1 + partition, 100, now));
      }
      await()
          .atMost(LIMIT)
          .until(() -> {
            assertThat(caller.node.readiness().ready()).isTrue();
            return caller.ids(100).size() == 4;
          });
    }
  }

  @Test
  void brokerAway_turnsNotServingButAnswersMarkedStale_andComesBack() throws Exception {
    Path data = dir.resolve("other");
    EmbeddedBroker other = EmbeddedBroker.start(data, 0);
    ClientSettings otherClient = ClientSettings.of(other.bootstrapServers());
    int port = Integer.parseInt(other.bootstrapServers().replaceAll(".*:", ""));
    try (TopicAdmin admin = new TopicAdmin(otherClient)) {
      admin.ensure(TopicSpec.events("away", 2, 1));
    }
    try (EventProducer own = new EventProducer(otherClient)) {
      own.plain("away", 0, own.create(1, 100, now));
    }
    try (Caller caller = new Caller(start(otherClient, "away", 2, 2, null))) {
      await().atMost(LIMIT).until(() -> caller.health() == ServingStatus.SERVING);
      other.close();
      await().atMost(LIMIT).until(() -> caller.health() == ServingStatus.NOT_SERVING);
      GetInNetworkPostsResponse answer = caller.get(100);
      assertThat(answer.getPostsCount()).isEqualTo(1);
      assertThat(answer.getCompleteness().getComplete()).isFalse();
      assertThat(answer.getCompleteness().getCutReasonsList()).containsExactly("stale");
      assertThat(caller.node.readiness().reasons().toString()).contains("at most 2 s");

      other = EmbeddedBroker.start(data, port);
      await().atMost(Duration.ofSeconds(60)).until(() -> caller.health() == ServingStatus.SERVING);
      assertThat(caller.get(100).getCompleteness().getComplete()).isTrue();
      try (EventProducer own = new EventProducer(otherClient)) {
        own.plain("away", 1, own.create(2, 100, now));
      }
      await().atMost(LIMIT).until(() -> caller.ids(100).size() == 2);
    } finally {
      other.close();
    }
  }

  @Test
  void followGraph_isAskedWithoutDebug() throws Exception {
    topic("graph", 1);
    events.plain("graph", 0, events.create(1, 100, now));
    Path file = dir.resolve("following.csv");
    Files.writeString(file, "user_id,followed_id\n7,100\n");
    try (Caller caller = new Caller(start("graph", 1, 60, file))) {
      await().atMost(LIMIT).until(() -> caller.node.readiness().ready());
      GetInNetworkPostsRequest request = GetInNetworkPostsRequest.newBuilder().setUserId(7).build();
      assertThat(caller.get(request).getPostsList())
          .extracting(LightPost::getPostId)
          .containsExactly(1L);
    }
  }

  @Test
  void catchUp_takesLongerThanTheStalenessAllowed_isNoWarning() throws Exception {
    topic("long", 1);
    events.packed("long", 0, events.create(1, 100, now), events.create(2, 100, now));
    Logger logger = (Logger) LoggerFactory.getLogger(Replay.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    AtomicReference<@Nullable ServingNode> itself = new AtomicReference<>();
    // Applying what lay in the log takes 100 s.
    InstantSource clock =
        () -> {
          ServingNode node = itself.get();
          boolean applied = node != null && node.counts().replayed().total() == 2;
          return Instant.now().plusSeconds(applied ? 100 : 0);
        };
    try (ServingNode node =
        new ServingNode(
            config("long", 1, 60, null),
            client,
            Access.open(new PrometheusRegistry()),
            new PrometheusRegistry(),
            clock)) {
      itself.set(node);
      node.start();
      await().atMost(LIMIT).until(() -> node.readiness().ready());
      assertThat(lines.list).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void close_twiceAndDuringCatchUp_ends() throws Exception {
    topic("closing", 2);
    for (int i = 1; i <= 2_000; i++) {
      events.plain("closing", i % 2, events.create(i, 100, now));
    }
    ServingNode node = start("closing", 2, 60, null);
    node.close();
    node.close();
    assertThat(node.readiness().state()).isEqualTo(ReplayState.CLOSED);
    assertThat(node.readiness().ready()).isFalse();
  }

  private static void topic(String name, int partitions) throws InterruptedException {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.ensure(TopicSpec.events(name, partitions, 1));
    }
  }

  private static Caller ready(String topic, int threads) throws IOException {
    Caller caller = new Caller(start(topic, threads, 60, null));
    await().atMost(LIMIT).until(() -> caller.node.readiness().ready());
    return caller;
  }

  private static ServingNode start(
      String topic, int threads, long maxStalenessSeconds, @Nullable Path followingFile)
      throws IOException {
    return start(client, topic, threads, maxStalenessSeconds, followingFile);
  }

  private static ServingNode start(
      ClientSettings client,
      String topic,
      int threads,
      long maxStalenessSeconds,
      @Nullable Path followingFile)
      throws IOException {
    ServingNode node =
        new ServingNode(
            config(topic, threads, maxStalenessSeconds, followingFile),
            client,
            Access.open(new PrometheusRegistry()),
            new PrometheusRegistry());
    node.start();
    return node;
  }

  private static ServeConfig config(
      String topic, int threads, long maxStalenessSeconds, @Nullable Path followingFile) {
    return new ServeConfig(
        new ReplayConfig(topic, threads, maxStalenessSeconds, 3),
        StoreConfig.defaults(),
        FeedConfig.defaults().withAddress("127.0.0.1", 0),
        followingFile,
        Duration.ofSeconds(5));
  }

  /** A node and a client of it. */
  private static final class Caller implements AutoCloseable {
    final ServingNode node;
    private final ManagedChannel channel;

    Caller(ServingNode node) {
      this.node = node;
      this.channel =
          NettyChannelBuilder.forAddress("127.0.0.1", node.grpcPort()).usePlaintext().build();
    }

    GetInNetworkPostsResponse get(long... following) {
      return get(
          GetInNetworkPostsRequest.newBuilder()
              .addAllFollowingUserIds(LongStream.of(following).boxed().toList())
              .build());
    }

    GetInNetworkPostsResponse get(GetInNetworkPostsRequest request) {
      return InNetworkPostsServiceGrpc.newBlockingStub(channel).getInNetworkPosts(request);
    }

    List<Long> ids(long... following) {
      return get(following).getPostsList().stream().map(LightPost::getPostId).toList();
    }

    ServingStatus health() {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.newBuilder().setService("").build())
          .getStatus();
    }

    @Override
    public void close() {
      channel.shutdownNow();
      node.close();
    }
  }
}
