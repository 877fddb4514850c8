package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import io.thunderhead.protocol.v1.TweetDeleteEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A serving node as a process with snapshots: a disk that takes no more of them, kill -9, and
 * SIGTERM under load, in the middle of loading and in the middle of reading the log.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class RestartIT {
  private static final String POSTS = "thunderhead_store_entities{type=\"posts\"}";
  private static final String LOADED = "thunderhead_snapshot_loaded_posts";
  private static final String REPLAYED = "thunderhead_replay_events_total";
  private static final String WRITTEN_POSTS = "thunderhead_snapshot_posts";
  private static final String FAILED = "thunderhead_snapshot_failures_total";
  private static final String UNCHANGED = "thunderhead_snapshot_unchanged_total";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What {@code serve} has for a drain, and the JVM's end. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final int AUTHORS = 1_000;
  private static final int FEW = 10_000;
  private static final int MANY = 150_000;

  /** Enough for a snapshot of few posts, too little for one of many. */
  private static final int FILE_LIMIT = 4 << 20;

  @TempDir Path dir;

  private final long now = System.currentTimeMillis() / 1000;

  @Test
  void node_withAFullDisk_killedAndStoppedAtAnyMoment_losesNothing() throws Exception {
    Path snapshots = Files.createDirectory(dir.resolve("snapshots"));
    Path partial = Files.createDirectory(dir.resolve("partial"));
    try (RoleProcess broker =
        RoleProcess.start(
            dir, "broker", "--port", "0", "--data-dir", dir + "/kafka", "--http-port", "off")) {
      String kafka = broker.awaitReady().address("kafka");
      publish(kafka, 0, FEW);
      double kept = fullDisk_goesOnServing_andKeepsTheOldOnes(kafka, snapshots);
      delete(kafka, 1);
      kill_thenSnapshotAndTail_thenTwoSigtermsUnderLoad(kafka, snapshots, kept);
      sigtermWhileLoading_endsInOrder(kafka, snapshots);
      sigtermWhileReadingTheLog_endsInOrder(kafka, partial);
      try (RoleProcess node = serve(kafka, partial, 0).awaitReady()) {
        assertThat(node.metric(POSTS)).isEqualTo(MANY - 1);
        node.assertQuiet();
      }
    }
  }

  /** Returns how many posts the last snapshot has that could be written. */
  private double fullDisk_goesOnServing_andKeepsTheOldOnes(String kafka, Path snapshots)
      throws Exception {
    try (RoleProcess node =
        RoleProcess.startWithFileLimit(
            dir, FILE_LIMIT, "serve", flags(kafka, snapshots, 0, "3s"))) {
      node.awaitReady();
      await(() -> node.metric(UNCHANGED) > 0);
      assertThat(node.metric(WRITTEN_POSTS)).isEqualTo(FEW);
      publish(kafka, FEW, MANY);
      await(() -> node.metric(POSTS) == MANY && node.metric(FAILED) > 1);
      await(() -> node.get("/health/ready").statusCode() == 503);
      assertThat(node.get("/health/ready").body())
          .contains("the newest snapshot is", "java.io.IOException: File too large");
      List<String> old = finished(snapshots);
      double failures = node.metric(FAILED);
      try (FeedCallers callers = new FeedCallers(node.address("grpc"), 1, AUTHORS)) {
        await(() -> callers.answered() > 3 && node.metric(FAILED) > failures);
      }
      double kept = node.metric(WRITTEN_POSTS);
      assertThat(node.errors().lines().filter(line -> line.contains("WARN")))
          .filteredOn(line -> !line.contains("Not ready: [the newest snapshot is"))
          .singleElement()
          .asString()
          .contains("A snapshot could not be written, and those before it stay");
      node.kill();
      assertThat(finished(snapshots)).isEqualTo(old);
      return kept;
    }
  }

  private void kill_thenSnapshotAndTail_thenTwoSigtermsUnderLoad(
      String kafka, Path snapshots, double kept) throws Exception {
    try (RoleProcess node = serve(kafka, snapshots, 0).awaitReady()) {
      assertThat(node.metric(LOADED)).isEqualTo(kept).isBetween(1.0 * FEW, MANY - 1.0);
      assertThat(node.metric(REPLAYED)).isLessThanOrEqualTo(MANY - FEW + 1);
      assertThat(node.metric(POSTS)).isEqualTo(MANY - 1);
      await(() -> node.metric(WRITTEN_POSTS) == MANY - 1);
      try (FeedCallers callers = new FeedCallers(node.address("grpc"), 4, AUTHORS)) {
        await(() -> callers.answered() > 100);
        long beganNs = System.nanoTime();
        node.terminate();
        assertThat(node.stop()).as("after a second SIGTERM").isZero();
        assertThat(System.nanoTime() - beganNs).isLessThan(GRACE.toNanos());
        callers.assertDrained(beganNs);
      }
      node.assertQuiet();
    }
  }

  /** As soon as it says anything, and once it listens: before, in or just after the loading. */
  private void sigtermWhileLoading_endsInOrder(String kafka, Path snapshots) throws Exception {
    List<String> before = finished(snapshots);
    for (String sign : List.of("serve with", "HTTP on")) {
      try (RoleProcess node = serve(kafka, snapshots, 0)) {
        await(() -> node.errors().contains(sign));
        assertThat(node.stop()).as("stopped at '%s'", sign).isZero();
        node.assertQuiet();
      }
      assertThat(unfinished(snapshots)).isEmpty();
      assertThat(finished(snapshots)).isEqualTo(before);
    }
  }

  private void sigtermWhileReadingTheLog_endsInOrder(String kafka, Path snapshots)
      throws Exception {
    int port = freePort();
    try (RoleProcess node = serve(kafka, snapshots, port)) {
      await(() -> node.get(port, "/metrics").body().contains(REPLAYED));
      assertThat(node.stop()).isZero();
      node.assertQuiet();
    }
    assertThat(unfinished(snapshots)).isEmpty();
  }

  private RoleProcess serve(String kafka, Path snapshots, int httpPort) throws IOException {
    return RoleProcess.start(dir, "serve", flags(kafka, snapshots, httpPort, "10m"));
  }

  private static String[] flags(String kafka, Path snapshots, int httpPort, String maxAge) {
    return new String[] {
      "--bootstrap-servers",
      kafka,
      "--grpc-port",
      "0",
      "--http-port",
      Integer.toString(httpPort),
      "--snapshot-dir",
      snapshots.toString(),
      "--snapshot-interval",
      "1s",
      "--max-snapshot-age",
      maxAge
    };
  }

  private void publish(String kafka, int from, int to) throws Exception {
    try (TopicAdmin admin = new TopicAdmin(ClientSettings.of(kafka))) {
      admin.ensure(TopicSpec.events(Topics.IN_NETWORK_EVENTS, 4, 1));
    }
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      for (int i = from; i < to; i++) {
        TweetCreateEvent post =
            TweetCreateEvent.newBuilder()
                .setPostId(i + 1L)
                .setAuthorId(1L + i % AUTHORS)
                .setCreatedAt(now - i % 900)
                .setConversationId(i + 1L)
                .build();
        send(producer, i % 4, InNetworkEvent.newBuilder().setTweetCreateEvent(post).build());
      }
      producer.flush();
    }
  }

  private void delete(String kafka, long postId) {
    try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
      TweetDeleteEvent gone =
          TweetDeleteEvent.newBuilder().setPostId(postId).setDeletedAt(now).build();
      send(producer, 1, InNetworkEvent.newBuilder().setTweetDeleteEvent(gone).build());
      producer.flush();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String kafka) {
    return new KafkaProducer<>(ClientSettings.of(kafka).producer("restart"));
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, int partition, InNetworkEvent event) {
    var _ =
        producer.send(
            new ProducerRecord<>(Topics.IN_NETWORK_EVENTS, partition, null, event.toByteArray()));
  }

  private static List<String> finished(Path snapshots) throws IOException {
    return names(snapshots, ".snapshot");
  }

  private static List<String> unfinished(Path snapshots) throws IOException {
    return names(snapshots, ".unfinished");
  }

  private static List<String> names(Path snapshots, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(snapshots)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(condition);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
