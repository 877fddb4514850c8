package io.thunderhead.benchmarks.feed;

import io.grpc.stub.StreamObserver;
import io.thunderhead.protocol.v1.Completeness;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The service as anyone would write it on the generated classes: a message in, a message out. It
 * does nothing else: no admission, no deadline, no metrics.
 */
final class GeneratedService extends InNetworkPostsServiceGrpc.InNetworkPostsServiceImplBase {
  private final MessageStore posts;
  private final long nowSeconds;
  private final Executor threads;
  private final ThreadLocal<PostReader> readers;

  GeneratedService(MessageStore posts, long nowSeconds, Executor threads) {
    this.posts = posts;
    this.nowSeconds = nowSeconds;
    this.threads = threads;
    this.readers = ThreadLocal.withInitial(posts.store()::newReader);
  }

  @Override
  public void getInNetworkPosts(
      GetInNetworkPostsRequest request, StreamObserver<GetInNetworkPostsResponse> caller) {
    threads.execute(() -> {
      caller.onNext(answer(request));
      caller.onCompleted();
    });
  }

  private GetInNetworkPostsResponse answer(GetInNetworkPostsRequest request) {
    ReadQuery query = new ReadQuery();
    query.requesterId = request.getUserId();
    query.follows = ids(request.getFollowingUserIdsList());
    query.followCount = query.follows.length;
    query.excludes = ids(request.getExcludeTweetIdsList());
    query.excludeCount = query.excludes.length;
    query.maxResults = request.getMaxResults();
    ReadResult result = readers.get().read(query, nowSeconds, StopSignal.NEVER);
    byte[] numbers = new byte[result.encodedLength()];
    result.copyTo(numbers, 0);
    GetInNetworkPostsResponse.Builder response = GetInNetworkPostsResponse.newBuilder();
    for (int i = 0; i < result.count(); i++) {
      response.addPosts(posts.message(result, numbers, i));
    }
    return response
        .setCompleteness(
            Completeness.newBuilder()
                .setComplete(true)
                .setAuthorsRequested(result.authorsRequested())
                .setAuthorsSearched(result.authorsSearched())
                .setAsOfMs(nowSeconds * 1000))
        .build();
  }

  private static long[] ids(List<Long> list) {
    long[] ids = new long[list.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = list.get(i);
    }
    return ids;
  }
}
