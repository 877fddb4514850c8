package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Callers who ask a serving node one thing after the other until they are closed or turned away,
 * and one who watches its health.
 */
final class FeedCallers implements AutoCloseable {
  private static final int RESULTS = 400;
  private static final long DEADLINE_SECONDS = 20;

  private final ManagedChannel channel;
  private final GetInNetworkPostsRequest request;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<ServingStatus> health = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<Thread> threads;
  private volatile boolean closed;

  private record Call(long beganNs, long endedNs, Status status) {}

  FeedCallers(String address, int callers, int authors) {
    channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    request =
        GetInNetworkPostsRequest.newBuilder()
            .setMaxResults(RESULTS)
            .addAllFollowingUserIds(LongStream.rangeClosed(1, authors).boxed().toList())
            .build();
    HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), new Watching());
    threads =
        IntStream.range(0, callers)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("caller-" + i).start(this::call))
            .toList();
  }

  /** Calls that were answered with posts. */
  int answered() {
    return answered.get();
  }

  private void call() {
    var feed = InNetworkPostsServiceGrpc.newBlockingStub(channel);
    while (!closed) {
      long beganNs = System.nanoTime();
      Status status = Status.OK;
      try {
        int posts =
            feed.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .getInNetworkPosts(request)
                .getPostsCount();
        status = posts == RESULTS ? Status.OK : Status.DATA_LOSS;
      } catch (StatusRuntimeException e) {
        status = e.getStatus();
      }
      calls.add(new Call(beganNs, System.nanoTime(), status));
      if (!status.isOk()) {
        return;
      }
      answered.incrementAndGet();
    }
  }

  /**
   * The node was told to stop at a moment and has ended: who was under way then was answered, who
   * came later was answered or turned away, and health had said that nobody should come.
   */
  void assertDrained(long toldNs) throws InterruptedException {
    for (Thread thread : threads) {
      assertThat(thread.join(java.time.Duration.ofSeconds(DEADLINE_SECONDS))).isTrue();
    }
    assertThat(calls).anyMatch(call -> call.beganNs < toldNs && call.endedNs > toldNs);
    assertThat(calls)
        .allSatisfy(call ->
            assertThat(call.status.getCode())
                .as("%s, begun %d us after SIGTERM", call.status, (call.beganNs - toldNs) / 1_000)
                .isIn(
                    call.beganNs < toldNs
                        ? List.of(Status.Code.OK)
                        : List.of(Status.Code.OK, Status.Code.UNAVAILABLE)));
    assertThat(health).containsExactly(ServingStatus.SERVING, ServingStatus.NOT_SERVING);
  }

  @Override
  public void close() {
    closed = true;
    channel.shutdownNow();
  }

  private final class Watching implements StreamObserver<HealthCheckResponse> {
    @Override
    public void onNext(HealthCheckResponse now) {
      health.add(now.getStatus());
    }

    @Override
    public void onError(Throwable cause) {
      // The node has gone.
    }

    @Override
    public void onCompleted() {
      // As above.
    }
  }
}
