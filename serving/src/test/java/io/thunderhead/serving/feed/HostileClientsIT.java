package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Callers who do what no caller should. Each of them ends, and a healthy one beside them is
 * answered all along.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HostileClientsIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MIB = 1 << 20;

  private final RunningFeed feed = new RunningFeed();

  @AfterEach
  void stop() {
    feed.close();
  }

  @Test
  void connections_overTheLimit_areClosedAtOnce_andThoseThatAreOpenAreNotDisturbed()
      throws IOException {
    feed.restart(ConnectionLimits.defaults().withConnections(6, 4));
    healthy();
    List<RawHttp2> idle = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      idle.add(new RawHttp2(feed.server.port()));
    }
    await().atMost(LIMIT).until(() -> feed.gauge("thunderhead_feed_open_connections") == 4);
    for (int i = 0; i < 20; i++) {
      try (RawHttp2 tooMany = new RawHttp2(feed.server.port())) {
        assertThat(tooMany.awaitClosed()).isTrue();
      }
    }
    healthy();
    for (RawHttp2 one : idle) {
      one.close();
    }
    await().atMost(LIMIT).until(() -> feed.gauge("thunderhead_feed_open_connections") == 1);
    ManagedChannel another = RunningFeed.channel(feed.builder());
    assertThat(
            InNetworkPostsServiceGrpc.newBlockingStub(another)
                .getInNetworkPosts(RunningFeed.following(1).build()))
        .isNotNull();
    another.shutdownNow();
  }

  @Test
  void slowRequests_areRefusedWhenTheirTimeIsOver() throws Exception {
    feed.restart(ConnectionLimits.defaults().withTransit(64 * MIB, 1, 64 * MIB, 10));
    List<CompletableFuture<Status>> slow = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      slow.add(halfSent(RunningFeed.following(1).build()));
    }
    healthy();
    for (CompletableFuture<Status> one : slow) {
      assertThat(one.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    assertThat(feed.counter("thunderhead_feed_rejected_requests", "reason", "slow_request"))
        .isEqualTo(50);
    healthy();
  }

  @Test
  void requestsUnderWay_beyondTheirBytes_makeRoom_theOldestFirst() throws Exception {
    feed.restart(ConnectionLimits.defaults().withTransit(4 * MIB, 60, 64 * MIB, 60));
    GetInNetworkPostsRequest large =
        GetInNetworkPostsRequest.newBuilder().setAlgorithm("x".repeat(MIB)).build();
    List<CompletableFuture<Status>> slow = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      slow.add(halfSent(large));
    }
    for (int i = 0; i < 6; i++) {
      assertThat(slow.get(i).get(20, TimeUnit.SECONDS).getCode())
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }
    assertThat(feed.gauge("thunderhead_feed_incoming_bytes")).isBetween(MIB * 1.0, MIB * 4.0);
    healthy();
    assertThat(slow.getLast()).isNotDone();
  }

  @Test
  void readersWhoDoNotRead_areCutOff() throws Exception {
    feed.restart(ConnectionLimits.defaults().withTransit(64 * MIB, 10, 64 * MIB, 1));
    long[] authors = LongStream.range(1_000, 1_040).toArray();
    for (long author : authors) {
      feed.fill(author, 50);
    }
    GetInNetworkPostsRequest request = RunningFeed.following(authors).setMaxResults(2_000).build();
    ManagedChannel stuck = RunningFeed.channel(feed.builder().flowControlWindow(8_192));
    for (int i = 0; i < 20; i++) {
      ClientCall<GetInNetworkPostsRequest, GetInNetworkPostsResponse> call =
          start(stuck, new CompletableFuture<>());
      call.sendMessage(request);
      call.halfClose(); // And never asks for the answer.
    }
    await().atMost(LIMIT).until(() -> feed.gauge("thunderhead_feed_outgoing_bytes") > 0);
    healthy();
    await().atMost(LIMIT).until(() -> feed.gauge("thunderhead_feed_open_connections") == 1);
    assertThat(feed.counter("thunderhead_feed_cut_connections", "reason", "slow_reader"))
        .isEqualTo(1);
    assertThat(feed.gauge("thunderhead_feed_outgoing_bytes")).isZero();
    stuck.shutdownNow();
    healthy();
  }

  @Test
  void floodsOfFrames_endTheirConnection() throws IOException {
    Random random = new Random(7);
    byte[] garbage = new byte[4_096];
    random.nextBytes(garbage);
    flood(
        "resets",
        (client, i) -> {
          client.call(2 * i + 1);
          client.frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
        });
    flood("pings", (client, i) -> client.frame(RawHttp2.PING, 0, 0, new byte[8]));
    flood(
        "headers without end",
        (client, i) ->
            client.frame(
                i == 0 ? RawHttp2.HEADERS : RawHttp2.CONTINUATION, 0, 1, RawHttp2.headers()));
    flood("garbage", (client, i) -> client.raw(garbage));
    flood(
        "frames that are too large",
        (client, i) -> client.frame(RawHttp2.DATA, 0, 1, new byte[1 << 20]));
  }

  @Test
  void messageOfTwoGigabytes_isRefusedByItsHeader() throws IOException {
    try (RawHttp2 client = RawHttp2.greeted(feed.server.port())) {
      client.call(1);
      client.frame(RawHttp2.DATA, 0, 1, new byte[] {0, 0x7f, -1, -1, -1, 1, 2, 3});
      await().atMost(LIMIT).until(() -> feed.gauge("thunderhead_feed_incoming_bytes") == 0);
    }
    healthy();
  }

  private interface Step {
    void run(RawHttp2 client, int i) throws IOException;
  }

  /** A step again and again until the server has had enough. */
  private void flood(String what, Step step) throws IOException {
    try (RawHttp2 client = RawHttp2.greeted(feed.server.port())) {
      try {
        for (int i = 0; i < 20_000; i++) {
          step.run(client, i);
        }
      } catch (SocketException e) {
        // It has closed while we were writing.
      }
      assertThat(client.awaitClosed()).as(what).isTrue();
    }
    healthy();
  }

  private void healthy() {
    assertThat(
            feed.stub
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .getInNetworkPosts(RunningFeed.following(100).build())
                .getCompleteness()
                .getComplete())
        .isTrue();
  }

  /** A call whose request never ends. */
  private CompletableFuture<Status> halfSent(GetInNetworkPostsRequest request) {
    CompletableFuture<Status> end = new CompletableFuture<>();
    start(feed.channel, end).sendMessage(request);
    return end;
  }

  private static ClientCall<GetInNetworkPostsRequest, GetInNetworkPostsResponse> start(
      ManagedChannel channel, CompletableFuture<Status> end) {
    ClientCall<GetInNetworkPostsRequest, GetInNetworkPostsResponse> call =
        channel.newCall(
            InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    return call;
  }
}
