package io.thunderhead.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thunderhead.access.Access;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.replay.ReplayConfig;
import io.thunderhead.serving.replay.ReplayOutcome;
import io.thunderhead.serving.snapshot.SnapshotConfig;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that start from a snapshot, on a real broker and asked over a real socket. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init")
final class SnapshotIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Longer than any test: a snapshot is only written when a node is closed. */
  private static final Duration NEVER = Duration.ofHours(1);

  /** An author's posts are served as far as they are kept. */
  private static final StoreConfig LIMITS =
      new StoreConfig(172_800, 300, 5_000, 5_000, 5_000, 5_000, 5_000);

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
  void start_fromASnapshot_readsTheLogOnlyFromThere_andLaterDeletesWin() throws Exception {
    Path snapshots = topic("tail", 3);
    for (int i = 1; i <= 90; i++) {
      events.plain("tail", i % 3, events.create(i, 100, now - i));
    }
    events.plain("tail", 0, events.delete(5, now, 100));
    try (Node node = new Node("tail", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(89);
      assertThat(node.metric("thunderhead_snapshot_loaded_posts")).isZero();
    }
    events.plain("tail", 1, events.delete(7, now, 100));
    events.plain("tail", 2, events.create(91, 100, now));
    // Of a deleted post, whose tombstone only the snapshot has.
    events.plain("tail", 2, events.create(5, 100, now - 5));
    try (Node node = new Node("tail", snapshots, NEVER).ready()) {
      List<Long> expected =
          LongStream.concat(LongStream.of(91), LongStream.rangeClosed(1, 90))
              .filter(id -> id != 5 && id != 7)
              .boxed()
              .toList();
      assertThat(node.ids()).isEqualTo(expected);
      assertThat(node.metric("thunderhead_snapshot_loaded_posts")).isEqualTo(89);
      assertThat(node.node.counts().replayed().total()).isEqualTo(3);
      assertThat(node.node.counts().replayed().of(ReplayOutcome.DELETED)).isEqualTo(1);
      assertThat(node.answer().getCompleteness().getComplete()).isTrue();
    }
  }

  @Test
  void kill_whileSnapshotsAreWritten_nextStartAnswersLikeTheNodeThatLivedOn() throws Exception {
    Path snapshots = topic("kill", 2);
    Path left = Files.createDirectory(dir.resolve("left-by-the-killed"));
    try (Node node = new Node("kill", snapshots, Duration.ofSeconds(1)).ready()) {
      for (int i = 1; i <= 1_500; i++) {
        events.plain("kill", i % 2, events.create(i, 100 + i % 50, now - i % 900));
        if (i % 9 == 0) {
          events.plain("kill", (i + 1) % 2, events.delete(i - 4, now, 0));
        }
        if (i == 1_000) {
          await().atMost(LIMIT).until(() -> node.metric("thunderhead_snapshot_written") > 0);
          copy(snapshots, left);
        }
      }
      await().atMost(LIMIT).until(() -> node.node.counts().live().total() == 1_500 + 166);
      List<Long> expected = node.ids();
      assertThat(expected).hasSize(1_500 - 166);
      try (Node next = new Node("kill", left, NEVER).ready()) {
        assertThat(next.metric("thunderhead_snapshot_loaded_posts")).isGreaterThan(0);
        assertThat(next.ids()).isEqualTo(expected);
      }
    }
  }

  @Test
  void start_logNoLongerReachesBackToTheSnapshot_tellsTheGap() throws Exception {
    Path snapshots = topic("gap", 1);
    for (int i = 1; i <= 10; i++) {
      events.plain("gap", 0, events.create(i, 100, now - i));
    }
    try (Node node = new Node("gap", snapshots, NEVER).ready()) {
      assertThat(node.answer().getCompleteness().getComplete()).isTrue();
    }
    for (int i = 11; i <= 30; i++) {
      events.plain("gap", 0, events.create(i, 100, now - i));
    }
    deleteBefore("gap", 20);
    try (Node node = new Node("gap", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(20).contains(10L, 21L).doesNotContain(11L, 20L);
      assertThat(node.answer().getCompleteness().getCutReasonsList()).containsExactly("log_gap");
      assertThat(node.metric("thunderhead_log_gaps")).isEqualTo(1);
      events.plain("gap", 0, events.create(31, 100, now));
      await().atMost(LIMIT).until(() -> node.ids().contains(31L));
    }
    // A gap does not heal by starting again: the next snapshot knows of it.
    try (Node node = new Node("gap", snapshots, NEVER).ready()) {
      assertThat(node.node.counts().replayed().total()).isZero();
      assertThat(node.answer().getCompleteness().getCutReasonsList()).containsExactly("log_gap");
    }
  }

  @Test
  void start_logCutToWhatTheSnapshotHas_isComplete() throws Exception {
    Path snapshots = topic("cut", 1);
    for (int i = 1; i <= 10; i++) {
      events.plain("cut", 0, events.create(i, 100, now - i));
    }
    try (Node node = new Node("cut", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(10);
    }
    deleteBefore("cut", 10);
    events.plain("cut", 0, events.create(11, 100, now));
    try (Node node = new Node("cut", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(11);
      assertThat(node.answer().getCompleteness().getComplete()).isTrue();
    }
  }

  @Test
  void start_topicMadeAgainAndPartitionsAdded_readsAllThatIsNew() throws Exception {
    Path snapshots = topic("anew", 1);
    for (int i = 1; i <= 20; i++) {
      events.plain("anew", 0, events.create(i, 100, now - i));
    }
    try (Node node = new Node("anew", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(20);
    }
    try (Admin admin = Admin.create(client.admin("test"))) {
      admin.createPartitions(Map.of("anew", NewPartitions.increaseTo(2))).all().get();
    }
    events.plain("anew", 1, events.create(21, 100, now));
    try (Node node = new Node("anew", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(21);
    }
    try (Admin admin = Admin.create(client.admin("test"))) {
      admin.deleteTopics(List.of("anew")).all().get();
      await().atMost(LIMIT).until(() -> !admin.listTopics().names().get().contains("anew"));
    }
    topic("anew", 1);
    // More than the old topic held, so that the old offset would be one in the middle.
    for (int i = 101; i <= 130; i++) {
      events.plain("anew", 0, events.create(i, 100, now));
    }
    try (Node node = new Node("anew", snapshots, NEVER).ready()) {
      assertThat(node.ids()).hasSize(51);
      assertThat(node.metric("thunderhead_log_rewinds")).isEqualTo(1);
    }
  }

  @Test
  void snapshotTooOld_turnsNotServingAndBack() throws Exception {
    Path snapshots = topic("old", 1);
    Path away = dir.resolve("away");
    try (Node node = new Node("old", snapshots, Duration.ofSeconds(1)).ready()) {
      await().atMost(LIMIT).until(() -> node.metric("thunderhead_snapshot_written") > 0);
      Files.move(snapshots, away);
      events.plain("old", 0, events.create(1, 100, now));
      await().atMost(LIMIT).until(() -> node.health() == ServingStatus.NOT_SERVING);
      assertThat(node.node.readiness().reasons())
          .singleElement()
          .asString()
          .contains("at most 3 s allowed: java.nio.file.NoSuchFileException");
      assertThat(node.ids()).containsExactly(1L);
      assertThat(node.answer().getCompleteness().getComplete()).isTrue();
      Files.move(away, snapshots);
      await().atMost(LIMIT).until(() -> node.health() == ServingStatus.SERVING);
      assertThat(node.node.readiness().reasons()).isEmpty();
    }
  }

  /** Makes the topic, and a directory for its snapshots. */
  private static Path topic(String name, int partitions) throws Exception {
    try (TopicAdmin admin = new TopicAdmin(client)) {
      admin.ensure(TopicSpec.events(name, partitions, 1));
    }
    return Files.createDirectories(dir.resolve("snapshots-" + name));
  }

  private static void deleteBefore(String topic, long offset) throws Exception {
    try (Admin admin = Admin.create(client.admin("test"))) {
      admin
          .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
          .all()
          .get();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".snapshot")).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** A running node and a client of it. */
  private static final class Node implements AutoCloseable {
    final ServingNode node;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ManagedChannel channel;

    Node(String topic, Path snapshots, Duration interval) throws IOException {
      Duration maxAge = interval.equals(NEVER) ? Duration.ZERO : interval.multipliedBy(3);
      node =
          new ServingNode(
              new ServeConfig(
                      new ReplayConfig(topic, 2, 60, 3),
                      LIMITS,
                      FeedConfig.defaults().withAddress("127.0.0.1", 0),
                      null,
                      Duration.ofSeconds(5))
                  .withSnapshots(new SnapshotConfig(snapshots, interval, maxAge, 2)),
              client,
              Access.open(new PrometheusRegistry()),
              registry);
      node.start();
      channel = NettyChannelBuilder.forAddress("127.0.0.1", node.grpcPort()).usePlaintext().build();
    }

    Node ready() {
      await().atMost(LIMIT).until(() -> node.readiness().ready());
      return this;
    }

    /** All that there is of the authors 100 to 149. */
    GetInNetworkPostsResponse answer() {
      return InNetworkPostsServiceGrpc.newBlockingStub(channel)
          .getInNetworkPosts(
              GetInNetworkPostsRequest.newBuilder()
                  .addAllFollowingUserIds(LongStream.range(100, 150).boxed().toList())
                  .setMaxResults(5_000)
                  .build());
    }

    List<Long> ids() {
      return answer().getPostsList().stream().map(LightPost::getPostId).toList();
    }

    ServingStatus health() {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.newBuilder().setService("").build())
          .getStatus();
    }

    /** The sum over all labels. */
    double metric(String name) {
      double sum = 0;
      for (MetricSnapshot found : registry.scrape(name::equals)) {
        sum +=
            switch (found) {
              case GaugeSnapshot gauge ->
                  gauge.getDataPoints().stream().mapToDouble(p -> p.getValue()).sum();
              case CounterSnapshot counter ->
                  counter.getDataPoints().stream().mapToDouble(p -> p.getValue()).sum();
              default -> throw new AssertionError(name);
            };
      }
      return sum;
    }

    @Override
    public void close() {
      channel.shutdownNow();
      node.close();
    }
  }
}
