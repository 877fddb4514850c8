package io.thunderhead.app.query;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.QueryConfig;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc.InNetworkPostsServiceBlockingStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A blocking client of one serving node. Calls may come from any thread. */
public final class FeedClient implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final ManagedChannel channel;
  private final InNetworkPostsServiceBlockingStub stub;

  /**
   * Connects with the first question.
   *
   * @param address {@code HOST:PORT}
   */
  public FeedClient(String address, ClientAccess access) {
    channel =
        access
            .applyTo(NettyChannelBuilder.forTarget("dns:///" + address))
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .build();
    stub = InNetworkPostsServiceGrpc.newBlockingStub(channel);
  }

  public static GetInNetworkPostsRequest request(QueryConfig query) {
    return GetInNetworkPostsRequest.newBuilder()
        .setUserId(query.user())
        .addAllFollowingUserIds(query.following())
        .addAllExcludeTweetIds(query.exclude())
        .setIsVideoRequest(query.video())
        .setMaxResults(query.max())
        .build();
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws io.grpc.StatusRuntimeException if the node refuses or can't be reached in time
   */
  public GetInNetworkPostsResponse ask(GetInNetworkPostsRequest request, Duration limit) {
    return stub.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
        .getInNetworkPosts(request);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
