package io.thunderhead.benchmarks.feed;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.serving.graph.FollowGraph;
import io.thunderhead.store.ReadQuery;
import java.util.Arrays;
import java.util.List;

/** The posts and requests of a run, the same in every process of it. */
final class FeedWorkload {
  private static final int QUERIES = 500;
  private static final int FOLLOWS = 1_000;
  private static final int RESULTS = 400;

  /** Users of the follow graph, and how many others each follows. */
  static final int USERS = 200;

  static final int USER_FOLLOWS = 5_000;

  private final Workload workload;
  private final PostStream stream;

  FeedWorkload(int posts) {
    workload = new Workload(posts, posts / 10);
    stream = workload.stream();
  }

  int posts() {
    return workload.posts();
  }

  /** Every post comes once, in order; to be read through before the others are asked for. */
  PostStream stream() {
    return stream;
  }

  /** Requests of 1000 follows, 500 excluded posts and 400 results, encoded. */
  byte[][] requests() {
    return Arrays.stream(workload.queries(stream, QUERIES, FOLLOWS, RESULTS))
        .map(FeedWorkload::request)
        .toArray(byte[][]::new);
  }

  /** Users 1 to {@link #USERS} follow so many others; to be asked for after the last post. */
  FollowGraph graph() {
    long[][] follows =
        Arrays.stream(workload.queries(stream, USERS, USER_FOLLOWS, RESULTS))
            .map(query -> Arrays.copyOf(query.follows, query.followCount))
            .toArray(long[][]::new);
    return new Graph(follows);
  }

  /** What such a user asks: the server knows the rest. */
  static byte[] ofUser(int user) {
    return GetInNetworkPostsRequest.newBuilder()
        .setUserId(user)
        .setMaxResults(RESULTS)
        .build()
        .toByteArray();
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Graph(long[][] follows) implements FollowGraph {
    @Override
    public long[] following(long userId) {
      return userId < 1 || userId > follows.length
          ? new long[0]
          : follows[(int) userId - 1].clone();
    }

    @Override
    public List<String> check() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private static byte[] request(ReadQuery query) {
    GetInNetworkPostsRequest.Builder request =
        GetInNetworkPostsRequest.newBuilder()
            .setUserId(query.requesterId)
            .setMaxResults(query.maxResults);
    Arrays.stream(query.follows, 0, query.followCount).forEach(request::addFollowingUserIds);
    Arrays.stream(query.excludes, 0, query.excludeCount).forEach(request::addExcludeTweetIds);
    return request.build().toByteArray();
  }
}
