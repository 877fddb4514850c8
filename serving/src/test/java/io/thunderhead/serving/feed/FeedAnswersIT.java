package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the service answers over a real socket, and what it says about an answer. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FeedAnswersIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final RunningFeed feed = new RunningFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void get_postsOfFollowedAuthors_newestFirstAndComplete() {
    feed.fill(100, 3);
    feed.fill(200, 2);
    GetInNetworkPostsResponse response =
        feed.stub.getInNetworkPosts(RunningFeed.following(100, 200, 300, 200).build());
    assertThat(response.getPostsList())
        .extracting(LightPost::getPostId)
        .containsExactly(200_001L, 100_002L, 200_000L, 100_001L, 100_000L)
        .doesNotHaveDuplicates();
    assertThat(response.getCompleteness().getComplete()).isTrue();
    assertThat(response.getCompleteness().getAuthorsRequested()).isEqualTo(3);
    assertThat(response.getCompleteness().getAuthorsSearched()).isEqualTo(3);
    assertThat(response.getCompleteness().getAsOfMs()).isEqualTo(1_234_567);
    assertThat(response.getCompleteness().getCutReasonsList()).isEmpty();
  }

  @Test
  void get_excludesAndLimits_areKept() {
    feed.fill(100, 10);
    assertThat(
            feed.stub
                .getInNetworkPosts(
                    RunningFeed.following(100).addExcludeTweetIds(100_009).setMaxResults(2).build())
                .getPostsList())
        .extracting(LightPost::getPostId)
        .containsExactly(100_008L, 100_007L);
    assertThat(feed.stub.getInNetworkPosts(RunningFeed.limited(3)).getPostsCount()).isEqualTo(3);
    assertThat(feed.stub.getInNetworkPosts(RunningFeed.limited(0)).getPostsCount()).isZero();
    assertThat(feed.stub.getInNetworkPosts(RunningFeed.limited(1_000_000)).getPostsCount())
        .isEqualTo(10);
  }

  @Test
  void get_videos_areBoundedByTheAuthorLimitToo() {
    for (int i = 0; i < 5; i++) {
      LightPost video =
          LightPost.newBuilder()
              .setPostId(1 + i)
              .setAuthorId(100)
              .setCreatedAt(feed.now - i)
              .setHasVideo(true)
              .build();
      TestPosts.create(feed.store, video, feed.now);
    }
    feed.fill(100, 3);
    GetInNetworkPostsRequest all = RunningFeed.following(100).setIsVideoRequest(true).build();
    assertThat(feed.stub.getInNetworkPosts(all).getPostsCount()).isEqualTo(5);
    assertThat(
            feed.stub
                .getInNetworkPosts(
                    RunningFeed.limited(2).toBuilder().setIsVideoRequest(true).build())
                .getPostsCount())
        .isEqualTo(2);
  }

  @Test
  void get_brokenRequests_areInvalidAndNameFieldAndLimit() {
    assertInvalid(RunningFeed.following(100).setUserId(-1), "user_id: must be below 2^63");
    assertInvalid(
        RunningFeed.following(0), "following_user_ids: ids must be above 0 and below 2^63");
    assertInvalid(
        RunningFeed.following(-5), "following_user_ids: ids must be above 0 and below 2^63");
    assertInvalid(
        RunningFeed.following(1).addExcludeTweetIds(0),
        "exclude_tweet_ids: ids must be above 0 and below 2^63");
    assertInvalid(RunningFeed.following(1).setMaxResults(-1), "max_results: must be at most 5000");
    assertInvalid(
        RunningFeed.following(1).setMaxResults(5_001), "max_results: must be at most 5000");
    assertInvalid(
        RunningFeed.following(1).setAlgorithm("popular"),
        "algorithm: must be empty, \"recent\", \"default\" or \"latest\"");
    List<Long> many = LongStream.rangeClosed(1, 1_000_000).boxed().toList();
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addAllFollowingUserIds(many),
        "following_user_ids: more than 100000 distinct ids");
    assertInvalid(
        RunningFeed.following(1).addAllExcludeTweetIds(many),
        "exclude_tweet_ids: more than 100000 distinct ids");
    for (String algorithm : List.of("", "recent", "default", "latest")) {
      assertThat(
              feed.stub.getInNetworkPosts(RunningFeed.following(1).setAlgorithm(algorithm).build()))
          .isNotNull();
    }
    assertThat(feed.server.inFlight()).isZero();
  }

  @Test
  void get_hundredThousandFollows_areAnsweredExactly() {
    feed.fill(99_999, 1);
    GetInNetworkPostsResponse response =
        feed.stub.getInNetworkPosts(
            GetInNetworkPostsRequest.newBuilder()
                .addAllFollowingUserIds(LongStream.rangeClosed(1, 100_000).boxed().toList())
                .addAllExcludeTweetIds(LongStream.rangeClosed(1, 100_000).boxed().toList())
                .build());
    assertThat(response.getPostsCount()).isEqualTo(1);
    assertThat(response.getCompleteness().getAuthorsRequested()).isEqualTo(100_000);
    assertThat(response.getCompleteness().getAuthorsSearched()).isEqualTo(100_000);
  }

  @Test
  void get_overTheMemoryBudget_saysThatTheWindowIsShort() {
    feed.restart(StoreConfig.defaults().withMaxBytes(StoreConfig.LEAST_MAX_BYTES));
    feed.fill(100, 2);
    GetInNetworkPostsRequest request = RunningFeed.following(100).build();
    assertThat(feed.stub.getInNetworkPosts(request).getCompleteness().getComplete()).isTrue();
    while (feed.store.stats().overBudget() == 0) {
      feed.fill(1 + feed.store.stats().posts(), 900);
    }
    GetInNetworkPostsResponse response = feed.stub.getInNetworkPosts(request);
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("memory_budget");
  }

  @Test
  void get_staleAndGap_isAnsweredAndSaysSo() {
    feed.fill(100, 2);
    feed.freshness.stale = true;
    feed.freshness.gap = true;
    GetInNetworkPostsResponse response =
        feed.stub.getInNetworkPosts(RunningFeed.following(100).build());
    assertThat(response.getPostsCount()).isEqualTo(2);
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("stale", "log_gap");
  }

  @Test
  void get_timeOver_isAnsweredWithWhatThereIsAndSaysSo() throws IOException {
    feed.restart(1, RunningFeed.CAPACITY);
    feed.fill(100, 2);
    GetInNetworkPostsResponse response =
        feed.stub.getInNetworkPosts(RunningFeed.following(100).build());
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("deadline");
    assertThat(response.getCompleteness().getAuthorsRequested()).isEqualTo(1);
    assertThat(response.getCompleteness().getAuthorsSearched()).isZero();
  }

  @Test
  void get_noFollowingList_asksTheGraph() {
    feed.fill(100, 2);
    GetInNetworkPostsResponse found = feed.stub.getInNetworkPosts(RunningFeed.user(1));
    assertThat(found.getPostsCount()).isEqualTo(2);
    assertThat(found.getCompleteness().getAuthorsRequested()).isEqualTo(1);

    GetInNetworkPostsResponse unknown = feed.stub.getInNetworkPosts(RunningFeed.user(77));
    assertThat(unknown.getPostsCount()).isZero();
    assertThat(unknown.getCompleteness().getComplete()).isTrue();

    StatusRuntimeException failed = feed.refused(RunningFeed.user(3));
    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failed.getStatus().getDescription()).isEqualTo("follow graph: planted");

    // A list that is given is used as it is.
    assertThat(
            feed.stub
                .getInNetworkPosts(RunningFeed.user(3).toBuilder().addFollowingUserIds(100).build())
                .getPostsCount())
        .isEqualTo(2);
    assertThat(feed.counter("thunderhead_feed_graph_lookups", "status", "found")).isEqualTo(1);
    assertThat(feed.counter("thunderhead_feed_graph_lookups", "status", "empty")).isEqualTo(1);
    assertThat(feed.counter("thunderhead_feed_graph_lookups", "status", "error")).isEqualTo(1);
  }

  @Test
  void reflection_showsTheServiceAndItsOrdinaryMessages() throws Exception {
    CompletableFuture<String> answers = new CompletableFuture<>();
    StringBuilder seen = new StringBuilder();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(feed.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    seen.append(answer);
                  }

                  @Override
                  public void onError(Throwable error) {
                    answers.completeExceptionally(error);
                  }

                  @Override
                  public void onCompleted() {
                    answers.complete(seen.toString());
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("thunderhead.v1.InNetworkPostsService")
            .build());
    requests.onCompleted();
    assertThat(answers.get(10, TimeUnit.SECONDS))
        .contains(
            "thunderhead.v1.InNetworkPostsService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
            "GetInNetworkPostsResponse");
  }

  @Test
  void debug_floodOfIt_logsALineASecond() {
    Logger logger = (Logger) LoggerFactory.getLogger(FeedWorker.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    try {
      long startNs = System.nanoTime();
      for (int i = 0; i < 500; i++) {
        feed.stub.getInNetworkPosts(RunningFeed.following(4711).setDebug(true).build());
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
      assertThat(lines.list).hasSizeBetween(0, 2 + (int) seconds);
      assertThat(lines.list.toString()).doesNotContain("4711");
    } finally {
      logger.detachAppender(lines);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
  }

  @Test
  void metrics_countEveryCallOnce() {
    feed.fill(100, 4);
    feed.stub.getInNetworkPosts(RunningFeed.following(100).build());
    feed.stub.getInNetworkPosts(RunningFeed.following(300).build());
    assertThat(feed.refused(RunningFeed.following(0).build())).isNotNull();
    assertThat(feed.counter("thunderhead_feed_requests", "status", "ok")).isEqualTo(2);
    assertThat(feed.counter("thunderhead_feed_requests", "status", "invalid_argument"))
        .isEqualTo(1);
    await().atMost(LIMIT).until(() -> feed.count("thunderhead_feed_request_seconds") == 2);
    // An empty answer is one of 0 posts; of the posts' ages it says nothing.
    assertThat(feed.count("thunderhead_feed_returned_posts")).isEqualTo(2);
    assertThat(feed.count("thunderhead_feed_found_freshness_seconds")).isEqualTo(2);
    assertThat(feed.server.recentLatency().requests()).isEqualTo(2);
  }

  private void assertInvalid(GetInNetworkPostsRequest.Builder request, String message) {
    StatusRuntimeException refused = feed.refused(request.build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).isEqualTo(message);
  }
}
