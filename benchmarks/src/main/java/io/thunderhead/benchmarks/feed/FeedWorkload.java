package io.thunderhead.benchmarks.feed;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.store.ReadQuery;
import java.util.Arrays;

/** The posts and requests of a run, the same in every process of it. */
final class FeedWorkload {
  private static final int QUERIES = 500;
  private static final int FOLLOWS = 1_000;
  private static final int RESULTS = 400;

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
