package io.thunderhead.serving.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc.InNetworkPostsServiceBlockingStub;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.protocol.v1.PerAuthorLimits;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** The service over a real socket, on a store that is filled directly. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init")
final class FeedServerIT {
  private static final int CAPACITY = 2;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private PostStore store = new PostStore(StoreConfig.defaults());
  private final FixedFreshness freshness = new FixedFreshness();
  private final GatedGraph graph = new GatedGraph();
  private final long now = System.currentTimeMillis() / 1000;

  private FeedServer server;
  private ManagedChannel channel;
  private InNetworkPostsServiceBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    start(FeedConfig.defaults().withRequests(0, CAPACITY));
  }

  private void start(FeedConfig config) throws IOException {
    server =
        new FeedServer(
            config.withAddress("127.0.0.1", 0),
            store,
            freshness,
            graph,
            InstantSource.system(),
            registry);
    server.start();
    channel = channel(builder());
    stub = InNetworkPostsServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void get_postsOfFollowedAuthors_newestFirstAndComplete() {
    fill(100, 3);
    fill(200, 2);
    GetInNetworkPostsResponse response =
        stub.getInNetworkPosts(following(100, 200, 300, 200).build());
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
    fill(100, 10);
    assertThat(
            stub.getInNetworkPosts(
                    following(100).addExcludeTweetIds(100_009).setMaxResults(2).build())
                .getPostsList())
        .extracting(LightPost::getPostId)
        .containsExactly(100_008L, 100_007L);
    assertThat(stub.getInNetworkPosts(limited(3)).getPostsCount()).isEqualTo(3);
    assertThat(stub.getInNetworkPosts(limited(0)).getPostsCount()).isZero();
    assertThat(stub.getInNetworkPosts(limited(1_000_000)).getPostsCount()).isEqualTo(10);
  }

  @Test
  void get_videos_areBoundedByTheAuthorLimitToo() {
    for (int i = 0; i < 5; i++) {
      LightPost video =
          LightPost.newBuilder()
              .setPostId(1 + i)
              .setAuthorId(100)
              .setCreatedAt(now - i)
              .setHasVideo(true)
              .build();
      TestPosts.create(store, video, now);
    }
    fill(100, 3);
    GetInNetworkPostsRequest all = following(100).setIsVideoRequest(true).build();
    assertThat(stub.getInNetworkPosts(all).getPostsCount()).isEqualTo(5);
    assertThat(
            stub.getInNetworkPosts(limited(2).toBuilder().setIsVideoRequest(true).build())
                .getPostsCount())
        .isEqualTo(2);
  }

  @Test
  void get_brokenRequests_areInvalidAndNameFieldAndLimit() {
    assertInvalid(following(100).setUserId(-1), "user_id: must be below 2^63");
    assertInvalid(following(0), "following_user_ids: ids must be above 0 and below 2^63");
    assertInvalid(following(-5), "following_user_ids: ids must be above 0 and below 2^63");
    assertInvalid(
        following(1).addExcludeTweetIds(0),
        "exclude_tweet_ids: ids must be above 0 and below 2^63");
    assertInvalid(following(1).setMaxResults(-1), "max_results: must be at most 5000");
    assertInvalid(following(1).setMaxResults(5_001), "max_results: must be at most 5000");
    assertInvalid(
        following(1).setAlgorithm("popular"),
        "algorithm: must be empty, \"recent\", \"default\" or \"latest\"");
    List<Long> many = LongStream.rangeClosed(1, 1_000_000).boxed().toList();
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addAllFollowingUserIds(many),
        "following_user_ids: more than 100000 distinct ids");
    assertInvalid(
        following(1).addAllExcludeTweetIds(many),
        "exclude_tweet_ids: more than 100000 distinct ids");
    for (String algorithm : List.of("", "recent", "default", "latest")) {
      assertThat(stub.getInNetworkPosts(following(1).setAlgorithm(algorithm).build())).isNotNull();
    }
    assertThat(server.inFlight()).isZero();
  }

  @Test
  void get_hundredThousandFollows_areAnsweredExactly() {
    fill(99_999, 1);
    GetInNetworkPostsResponse response =
        stub.getInNetworkPosts(
            GetInNetworkPostsRequest.newBuilder()
                .addAllFollowingUserIds(LongStream.rangeClosed(1, 100_000).boxed().toList())
                .addAllExcludeTweetIds(LongStream.rangeClosed(1, 100_000).boxed().toList())
                .build());
    assertThat(response.getPostsCount()).isEqualTo(1);
    assertThat(response.getCompleteness().getAuthorsRequested()).isEqualTo(100_000);
    assertThat(response.getCompleteness().getAuthorsSearched()).isEqualTo(100_000);
  }

  @Test
  void get_requestTooLargeAfterInflation_isRefusedWhateverItsCompressedSize() {
    MethodDescriptor<byte[], byte[]> raw =
        InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(new Bytes(), new Bytes())
            .build();
    ManagedChannel zstd = channel(withZstd(builder()));
    try {
      for (String codec : List.of("gzip", "zstd")) {
        StatusRuntimeException refused =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        zstd, raw, CallOptions.DEFAULT.withCompression(codec), new byte[64 << 20]));
        assertThat(refused.getStatus().getCode())
            .as(codec)
            .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      }
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class,
                      () ->
                          ClientCalls.blockingUnaryCall(
                              zstd, raw, CallOptions.DEFAULT, new byte[] {(byte) 0xff}))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    } finally {
      zstd.shutdownNow();
    }
  }

  @Test
  void get_notWhatItsEncodingSays_isInvalidAndNoWarning() {
    MethodDescriptor<byte[], byte[]> raw =
        InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(new Bytes(), new Bytes())
            .build();
    java.util.logging.Logger grpc = java.util.logging.Logger.getLogger("io.grpc");
    List<String> warnings = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue()) {
              warnings.add(line.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    grpc.addHandler(handler);
    for (String codec : List.of("gzip", "zstd")) {
      CompressorRegistry liars = CompressorRegistry.newEmptyInstance();
      liars.register(new Liar(codec));
      ManagedChannel channel = channel(builder().compressorRegistry(liars));
      try {
        StatusRuntimeException refused =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    ClientCalls.blockingUnaryCall(
                        channel,
                        raw,
                        CallOptions.DEFAULT.withCompression(codec),
                        "not compressed at all".getBytes(UTF_8)));
        assertThat(refused.getStatus().getCode()).as(codec).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains("inflated");
      } finally {
        channel.shutdownNow();
      }
    }
    grpc.removeHandler(handler);
    assertThat(warnings).isEmpty();
  }

  @Test
  void get_notReady_isUnavailableAtOnce() {
    freshness.unavailable = "not ready: catching up";
    StatusRuntimeException refused = refused(following(1).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getStatus().getDescription()).isEqualTo("not ready: catching up");
  }

  @Test
  void get_overTheMemoryBudget_saysThatTheWindowIsShort() throws IOException {
    stop();
    registryFree();
    store = new PostStore(StoreConfig.defaults().withMaxBytes(StoreConfig.LEAST_MAX_BYTES));
    start(FeedConfig.defaults());
    fill(100, 2);
    assertThat(stub.getInNetworkPosts(following(100).build()).getCompleteness().getComplete())
        .isTrue();
    while (store.stats().overBudget() == 0) {
      fill(1 + store.stats().posts(), 900);
    }
    GetInNetworkPostsResponse response = stub.getInNetworkPosts(following(100).build());
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("memory_budget");
  }

  @Test
  void get_staleAndGap_isAnsweredAndSaysSo() {
    fill(100, 2);
    freshness.stale = true;
    freshness.gap = true;
    GetInNetworkPostsResponse response = stub.getInNetworkPosts(following(100).build());
    assertThat(response.getPostsCount()).isEqualTo(2);
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("stale", "log_gap");
  }

  @Test
  void get_timeOver_isAnsweredWithWhatThereIsAndSaysSo() throws IOException {
    stop();
    registryFree();
    start(FeedConfig.defaults().withRequests(1, CAPACITY));
    fill(100, 2);
    GetInNetworkPostsResponse response = stub.getInNetworkPosts(following(100).build());
    assertThat(response.getCompleteness().getComplete()).isFalse();
    assertThat(response.getCompleteness().getCutReasonsList()).containsExactly("deadline");
    assertThat(response.getCompleteness().getAuthorsRequested()).isEqualTo(1);
    assertThat(response.getCompleteness().getAuthorsSearched()).isZero();
  }

  @Test
  void get_noFollowingList_asksTheGraph() {
    fill(100, 2);
    GetInNetworkPostsResponse found = stub.getInNetworkPosts(user(1));
    assertThat(found.getPostsCount()).isEqualTo(2);
    assertThat(found.getCompleteness().getAuthorsRequested()).isEqualTo(1);

    GetInNetworkPostsResponse unknown = stub.getInNetworkPosts(user(77));
    assertThat(unknown.getPostsCount()).isZero();
    assertThat(unknown.getCompleteness().getComplete()).isTrue();

    StatusRuntimeException failed = refused(user(3));
    assertThat(failed.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failed.getStatus().getDescription()).isEqualTo("follow graph: planted");

    // A list that is given is used as it is.
    assertThat(
            stub.getInNetworkPosts(user(3).toBuilder().addFollowingUserIds(100).build())
                .getPostsCount())
        .isEqualTo(2);
    assertThat(counter("thunderhead_feed_graph_lookups", "status", "found")).isEqualTo(1);
    assertThat(counter("thunderhead_feed_graph_lookups", "status", "empty")).isEqualTo(1);
    assertThat(counter("thunderhead_feed_graph_lookups", "status", "error")).isEqualTo(1);
  }

  @Test
  void get_overCapacity_isRefusedAtOnceWithARetryHint() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    graph.gate = gate;
    List<CompletableFuture<GetInNetworkPostsResponse>> held =
        IntStream.range(0, CAPACITY).mapToObj(i -> async(user(2))).toList();
    await().atMost(LIMIT).until(() -> graph.waiting.get() == CAPACITY);
    StatusRuntimeException refused = refused(following(100).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Metadata trailers = refused.getTrailers();
    assertThat(trailers).isNotNull();
    assertThat(trailers.get(FeedHandler.RETRY_PUSHBACK_MS)).isEqualTo("100");
    gate.countDown();
    for (CompletableFuture<GetInNetworkPostsResponse> call : held) {
      assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
    }
    await().atMost(LIMIT).until(() -> server.inFlight() == 0);
    assertThat(stub.getInNetworkPosts(following(100).build())).isNotNull();
    assertThat(counter("thunderhead_feed_rejected_requests", "reason", "over_capacity"))
        .isEqualTo(1);
  }

  @Test
  void get_oneAfterAnotherWithASinglePermit_isNeverRefused() throws IOException {
    stop();
    registryFree();
    start(FeedConfig.defaults().withRequests(0, 1));
    for (int i = 0; i < 1_000; i++) {
      assertThat(stub.getInNetworkPosts(following(100).build())).isNotNull();
    }
  }

  @Test
  void cancel_permitLivesAsLongAsTheWork() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    graph.gate = gate;
    AtomicReference<Throwable> ended = new AtomicReference<>();
    var call =
        channel.newCall(
            InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
    ClientCalls.asyncUnaryCall(call, user(2), new Ended(ended));
    await().atMost(LIMIT).until(() -> graph.waiting.get() == 1);
    call.cancel("gone", null);
    await().atMost(LIMIT).until(() -> ended.get() != null);
    assertThat(server.inFlight()).isEqualTo(1);
    gate.countDown();
    await().atMost(LIMIT).until(() -> server.inFlight() == 0);
    await()
        .atMost(LIMIT)
        .until(() -> counter("thunderhead_feed_requests", "status", "cancelled") == 1);
  }

  @Test
  void cancel_aThousandCalls_leakNoPermit() throws Exception {
    for (int author = 1; author <= 2_000; author++) {
      fill(author, 2);
    }
    GetInNetworkPostsRequest large =
        GetInNetworkPostsRequest.newBuilder()
            .addAllFollowingUserIds(LongStream.rangeClosed(1, 20_000).boxed().toList())
            .build();
    List<ClientCall<?, ?>> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      var call =
          channel.newCall(
              InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
      ClientCalls.asyncUnaryCall(call, large, new Ended(new AtomicReference<>()));
      calls.add(call);
    }
    calls.forEach(call -> call.cancel("gone", null));
    await().atMost(LIMIT).until(() -> server.inFlight() == 0);
    // All permits are there: as many calls as that are under way at once.
    CountDownLatch gate = new CountDownLatch(1);
    graph.gate = gate;
    var held = IntStream.range(0, CAPACITY).mapToObj(i -> async(user(2))).toList();
    await().atMost(LIMIT).until(() -> graph.waiting.get() == CAPACITY);
    gate.countDown();
    for (CompletableFuture<GetInNetworkPostsResponse> call : held) {
      assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void codecs_answerIsCompressedAsTheRequestWas() {
    fill(100, 40);
    assertThat(encodingOf(builder(), null)).isEqualTo("identity");
    assertThat(encodingOf(builder(), "gzip")).isEqualTo("gzip");
    assertThat(encodingOf(withZstd(builder()), "zstd")).isEqualTo("zstd");
    // Nobody names zstd unless told to; gzip is named by all and means nothing.
    assertThat(encodingOf(withZstd(builder()), null)).isEqualTo("zstd");
    assertThat(encodingOf(withZstd(builder()), "gzip")).isEqualTo("gzip");
  }

  @Test
  void health_followsReadiness() throws InterruptedException {
    for (String service : List.of("", "thunderhead.v1.InNetworkPostsService")) {
      assertThat(health(service)).isEqualTo(ServingStatus.NOT_SERVING);
    }
    server.serving(true);
    for (String service : List.of("", "thunderhead.v1.InNetworkPostsService")) {
      assertThat(health(service)).isEqualTo(ServingStatus.SERVING);
    }
    server.serving(false);
    assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void drain_answersWhatIsUnderWay() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    graph.gate = gate;
    fill(100, 1);
    CompletableFuture<GetInNetworkPostsResponse> held = async(user(2));
    await().atMost(LIMIT).until(() -> graph.waiting.get() == 1);
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(() -> {
          try {
            return server.drain(LIMIT);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    await().atMost(LIMIT).until(() -> refusedOnNewConnection());
    gate.countDown();
    assertThat(held.get(10, TimeUnit.SECONDS).getPostsCount()).isEqualTo(1);
    assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void drain_withARequestThatNeverComesWhole_doesNotWaitForIt() throws Exception {
    fill(100, 1);
    ClientCall<GetInNetworkPostsRequest, GetInNetworkPostsResponse> half =
        channel.newCall(
            InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
    CompletableFuture<Status> ended = new CompletableFuture<>();
    half.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.complete(status);
          }
        },
        new Metadata());
    half.sendMessage(user(2));
    // Its stream is open on the server once a later call on the same connection is answered.
    assertThat(async(user(2)).get(10, TimeUnit.SECONDS).getCompleteness().getComplete()).isTrue();
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(() -> {
          try {
            return server.drain(Duration.ofHours(1));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.get(10, TimeUnit.SECONDS).isOk()).isFalse();
  }

  @Test
  void reflection_showsTheServiceAndItsOrdinaryMessages() throws Exception {
    CompletableFuture<String> answers = new CompletableFuture<>();
    StringBuilder seen = new StringBuilder();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
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
        stub.getInNetworkPosts(following(4711).setDebug(true).build());
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
    fill(100, 4);
    stub.getInNetworkPosts(following(100).build());
    stub.getInNetworkPosts(following(300).build());
    assertThat(refused(following(0).build())).isNotNull();
    assertThat(counter("thunderhead_feed_requests", "status", "ok")).isEqualTo(2);
    assertThat(counter("thunderhead_feed_requests", "status", "invalid_argument")).isEqualTo(1);
    await().atMost(LIMIT).until(() -> count("thunderhead_feed_request_seconds") == 2);
    // An empty answer is one of 0 posts; of the posts' ages it says nothing.
    assertThat(count("thunderhead_feed_returned_posts")).isEqualTo(2);
    assertThat(count("thunderhead_feed_found_freshness_seconds")).isEqualTo(2);
    assertThat(server.recentLatency().requests()).isEqualTo(2);
  }

  private String encodingOf(NettyChannelBuilder from, @Nullable String codec) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    ManagedChannel own =
        channel(
            from.intercept(
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())));
    try {
      var caller = InNetworkPostsServiceGrpc.newBlockingStub(own);
      if (codec != null) {
        caller = caller.withCompression(codec);
      }
      assertThat(caller.getInNetworkPosts(following(100).build()).getPostsCount()).isEqualTo(40);
      String encoding = headers.get().get(ENCODING);
      return encoding == null ? "identity" : encoding;
    } finally {
      own.shutdownNow();
    }
  }

  private boolean refusedOnNewConnection() {
    ManagedChannel fresh = channel(builder());
    try {
      InNetworkPostsServiceGrpc.newBlockingStub(fresh)
          .withDeadlineAfter(2, TimeUnit.SECONDS)
          .getInNetworkPosts(following(1).build());
      return false;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
    } finally {
      fresh.shutdownNow();
    }
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private void assertInvalid(GetInNetworkPostsRequest.Builder request, String message) {
    StatusRuntimeException refused = refused(request.build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).isEqualTo(message);
  }

  private StatusRuntimeException refused(GetInNetworkPostsRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> stub.getInNetworkPosts(request));
  }

  private CompletableFuture<GetInNetworkPostsResponse> async(GetInNetworkPostsRequest request) {
    CompletableFuture<GetInNetworkPostsResponse> answer = new CompletableFuture<>();
    InNetworkPostsServiceGrpc.newStub(channel)
        .getInNetworkPosts(
            request,
            new StreamObserver<>() {
              @Override
              public void onNext(GetInNetworkPostsResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                answer.completeExceptionally(error);
              }

              @Override
              public void onCompleted() {}
            });
    return answer;
  }

  /**
   * {@code count} originals with ids author·1000 + i, created a second apart, the last just now.
   */
  private void fill(long author, int count) {
    for (int i = 0; i < count; i++) {
      TestPosts.create(store, author * 1000 + i, author, now - count + i, now);
    }
  }

  private static GetInNetworkPostsRequest.Builder following(long... users) {
    return GetInNetworkPostsRequest.newBuilder()
        .addAllFollowingUserIds(LongStream.of(users).boxed().toList());
  }

  private static GetInNetworkPostsRequest limited(int maxPosts) {
    return following(100)
        .setPerAuthorLimits(PerAuthorLimits.newBuilder().setMaxPostsPerAuthor(maxPosts))
        .build();
  }

  private static GetInNetworkPostsRequest user(long user) {
    return GetInNetworkPostsRequest.newBuilder().setUserId(user).build();
  }

  private NettyChannelBuilder builder() {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext();
  }

  private static NettyChannelBuilder withZstd(NettyChannelBuilder builder) {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Codec.Gzip());
    compressors.register(new ZstdCodec(1));
    return builder
        .compressorRegistry(compressors)
        .decompressorRegistry(
            DecompressorRegistry.getDefaultInstance().with(new ZstdCodec(1), true));
  }

  private static ManagedChannel channel(NettyChannelBuilder builder) {
    return builder.build();
  }

  private void registryFree() {
    registry.clear();
  }

  private double counter(String name, String label, String value) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
        .filter(point -> value.equals(point.getLabels().get(label)))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private long count(String name) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> ((HistogramSnapshot) snapshot).getDataPoints().stream())
        .mapToLong(HistogramSnapshot.HistogramDataPointSnapshot::getCount)
        .sum();
  }

  /** Says that it compresses, and does not. */
  private record Liar(String name) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return name;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }

  /** Messages as they are. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Remembers how a call ended, if not well. */
  private record Ended(AtomicReference<Throwable> error)
      implements StreamObserver<GetInNetworkPostsResponse> {
    @Override
    public void onNext(GetInNetworkPostsResponse response) {}

    @Override
    public void onError(Throwable thrown) {
      error.set(thrown);
    }

    @Override
    public void onCompleted() {}
  }
}
