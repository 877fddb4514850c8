package io.thunderhead.app.demo;

import io.grpc.StatusRuntimeException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.query.FeedClient;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A few real queries a second, so that the request figures of the demo mean something. Each asks
 * for the posts of some two hundred authors, popular ones more often.
 */
final class QueryLoad implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int FOLLOWS = 200;

  private final FeedClient client;
  private final long firstAuthor;
  private final int authors;
  private final RandomGenerator random;
  private final StopRequest stop = new StopRequest();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final Thread thread;

  private QueryLoad(FeedClient client, long firstAuthor, int authors, long seed) {
    this.client = client;
    this.firstAuthor = firstAuthor;
    this.authors = authors;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.thread = Thread.ofPlatform().daemon().name("demo-queries").unstarted(this::run);
  }

  static QueryLoad start(FeedClient client, long firstAuthor, int authors, long seed) {
    QueryLoad load = new QueryLoad(client, firstAuthor, authors, seed);
    load.thread.start();
    return load;
  }

  long answered() {
    return answered.sum();
  }

  long refused() {
    return refused.sum();
  }

  @Override
  public void close() {
    stop.request();
    try {
      thread.join(LIMIT.plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stop.await(PAUSE)) {
        ask();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    GetInNetworkPostsRequest.Builder request =
        GetInNetworkPostsRequest.newBuilder().setUserId(1 + random.nextInt(1_000_000));
    for (int i = 0; i < FOLLOWS; i++) {
      double rank = Math.pow(authors, random.nextDouble()) - 1;
      request.addFollowingUserIds(firstAuthor + (long) rank);
    }
    try {
      client.ask(request.build(), LIMIT);
      answered.increment();
    } catch (StatusRuntimeException e) {
      refused.increment();
    }
  }
}
