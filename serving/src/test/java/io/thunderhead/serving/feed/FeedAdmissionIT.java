package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.thunderhead.access.RetryHint;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls are taken, refused, given up or waited for, and that no permit is ever lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class FeedAdmissionIT {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final RunningFeed feed = new RunningFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void get_notReady_isUnavailableAtOnce() {
    feed.freshness.unavailable = "not ready: catching up";
    StatusRuntimeException refused = feed.refused(RunningFeed.following(1).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getStatus().getDescription()).isEqualTo("not ready: catching up");
  }

  @Test
  void get_overCapacity_isRefusedAtOnceWithARetryHint() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    feed.graph.gate = gate;
    List<CompletableFuture<GetInNetworkPostsResponse>> held =
        IntStream.range(0, RunningFeed.CAPACITY)
            .mapToObj(i -> feed.async(RunningFeed.user(2)))
            .toList();
    await().atMost(LIMIT).until(() -> feed.graph.waiting.get() == RunningFeed.CAPACITY);
    StatusRuntimeException refused = feed.refused(RunningFeed.following(100).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Metadata trailers = refused.getTrailers();
    assertThat(trailers).isNotNull();
    assertThat(Integer.parseInt(String.valueOf(trailers.get(RetryHint.PUSHBACK_MS))))
        .isBetween(60, 140);
    assertThat(
            com.google.rpc.Status.parseFrom(trailers.get(RetryHint.DETAILS))
                .getDetails(0)
                .is(RetryInfo.class))
        .isTrue();
    gate.countDown();
    for (CompletableFuture<GetInNetworkPostsResponse> call : held) {
      assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
    }
    await().atMost(LIMIT).until(() -> feed.server.inFlight() == 0);
    assertThat(feed.stub.getInNetworkPosts(RunningFeed.following(100).build())).isNotNull();
    assertThat(feed.counter("thunderhead_feed_rejected_requests", "reason", "over_capacity"))
        .isEqualTo(1);
  }

  @Test
  void get_oneAfterAnotherWithASinglePermit_isNeverRefused() throws IOException {
    feed.restart(0, 1);
    for (int i = 0; i < 1_000; i++) {
      assertThat(feed.stub.getInNetworkPosts(RunningFeed.following(100).build())).isNotNull();
    }
  }

  @Test
  void cancel_permitLivesAsLongAsTheWork() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    feed.graph.gate = gate;
    AtomicReference<Throwable> ended = new AtomicReference<>();
    var call =
        feed.channel.newCall(
            InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
    ClientCalls.asyncUnaryCall(call, RunningFeed.user(2), new Ended(ended));
    await().atMost(LIMIT).until(() -> feed.graph.waiting.get() == 1);
    call.cancel("gone", null);
    await().atMost(LIMIT).until(() -> ended.get() != null);
    assertThat(feed.server.inFlight()).isEqualTo(1);
    gate.countDown();
    await().atMost(LIMIT).until(() -> feed.server.inFlight() == 0);
    await()
        .atMost(LIMIT)
        .until(() -> feed.counter("thunderhead_feed_requests", "status", "cancelled") == 1);
  }

  @Test
  void cancel_aThousandCalls_leakNoPermit() throws Exception {
    for (int author = 1; author <= 2_000; author++) {
      feed.fill(author, 2);
    }
    GetInNetworkPostsRequest large =
        GetInNetworkPostsRequest.newBuilder()
            .addAllFollowingUserIds(LongStream.rangeClosed(1, 20_000).boxed().toList())
            .build();
    List<ClientCall<?, ?>> calls = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      var call =
          feed.channel.newCall(
              InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
      ClientCalls.asyncUnaryCall(call, large, new Ended(new AtomicReference<>()));
      calls.add(call);
    }
    calls.forEach(call -> call.cancel("gone", null));
    await().atMost(LIMIT).until(() -> feed.server.inFlight() == 0);
    // All permits are there: as many calls as that are under way at once.
    CountDownLatch gate = new CountDownLatch(1);
    feed.graph.gate = gate;
    var held =
        IntStream.range(0, RunningFeed.CAPACITY)
            .mapToObj(i -> feed.async(RunningFeed.user(2)))
            .toList();
    await().atMost(LIMIT).until(() -> feed.graph.waiting.get() == RunningFeed.CAPACITY);
    gate.countDown();
    for (CompletableFuture<GetInNetworkPostsResponse> call : held) {
      assertThat(call.get(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void health_followsReadiness() throws InterruptedException {
    for (String service : List.of("", "thunderhead.v1.InNetworkPostsService")) {
      assertThat(health(service)).isEqualTo(ServingStatus.NOT_SERVING);
    }
    feed.server.serving(true);
    for (String service : List.of("", "thunderhead.v1.InNetworkPostsService")) {
      assertThat(health(service)).isEqualTo(ServingStatus.SERVING);
    }
    feed.server.serving(false);
    assertThat(health("")).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void drain_answersWhatIsUnderWay() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    feed.graph.gate = gate;
    feed.fill(100, 1);
    CompletableFuture<GetInNetworkPostsResponse> held = feed.async(RunningFeed.user(2));
    await().atMost(LIMIT).until(() -> feed.graph.waiting.get() == 1);
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(() -> {
          try {
            return feed.server.drain(LIMIT);
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
    feed.fill(100, 1);
    ClientCall<GetInNetworkPostsRequest, GetInNetworkPostsResponse> half =
        feed.channel.newCall(
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
    half.sendMessage(RunningFeed.user(2));
    // Its stream is open on the server once a later call on the same connection is answered.
    assertThat(
            feed.async(RunningFeed.user(2))
                .get(10, TimeUnit.SECONDS)
                .getCompleteness()
                .getComplete())
        .isTrue();
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(() -> {
          try {
            return feed.server.drain(Duration.ofHours(1));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.get(10, TimeUnit.SECONDS).isOk()).isFalse();
  }

  private boolean refusedOnNewConnection() {
    ManagedChannel fresh = RunningFeed.channel(feed.builder());
    try {
      InNetworkPostsServiceGrpc.newBlockingStub(fresh)
          .withDeadlineAfter(2, TimeUnit.SECONDS)
          .getInNetworkPosts(RunningFeed.following(1).build());
      return false;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.UNAVAILABLE;
    } finally {
      fresh.shutdownNow();
    }
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(feed.channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

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
