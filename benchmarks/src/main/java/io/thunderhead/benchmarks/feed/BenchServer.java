package io.thunderhead.benchmarks.feed;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.serving.feed.ConcurrencyLimit;
import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.feed.FeedServer;
import io.thunderhead.serving.feed.Freshness;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * One of the servers as a process: arguments are its {@link ServerKind}, the number of posts, the
 * length of an answer and, for ours, who limits its concurrency; it prints its port when it is
 * ready, and ends with its standard input, so that it never outlives the run.
 */
final class BenchServer {
  private BenchServer() {}

  public static void main(String[] args) throws IOException {
    // As in a role: what gRPC says of its callers goes through the same filter.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    ServerKind kind = ServerKind.valueOf(args[0]);
    int posts = Integer.parseInt(args[1]);
    int answerBytes = Integer.parseInt(args[2]);
    FeedConfig config = FeedConfig.defaults();
    ConcurrencyLimit limit =
        args.length > 3 ? ConcurrencyLimit.valueOf(args[3]) : config.concurrencyLimit();
    System.out.println(
        start(
            kind,
            posts,
            answerBytes,
            config
                .withAddress("127.0.0.1", 0)
                .withRequests(0, config.maxConcurrentRequests(), limit)));
    System.out.flush();
    while (System.in.read() >= 0) {
      // Whatever comes is no request.
    }
    Runtime.getRuntime().halt(0);
  }

  private static int start(ServerKind kind, int posts, int answerBytes, FeedConfig config)
      throws IOException {
    Executor threads = NetworkServer.threads(config.maxConcurrentRequests());
    return switch (kind) {
      case OURS -> ours(config, posts);
      case GENERATED -> generated(config, posts, threads);
      case CEILING -> ceiling(config, answerBytes, Runnable::run);
      case HANDED_OVER -> ceiling(config, answerBytes, threads);
    };
  }

  private static int ours(FeedConfig config, int posts) throws IOException {
    PostStore store = new PostStore(StoreConfig.defaults());
    FeedWorkload workload = new FeedWorkload(posts);
    PostStream stream = workload.stream();
    PostFields post = new PostFields();
    for (int i = 0; i < posts; i++) {
      stream.next(post);
      store.create(post, post.createdAt);
    }
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(stream.now()));
    FeedServer server =
        new FeedServer(
            config,
            store,
            new Fresh(clock),
            workload.graph(),
            clock,
            Access.open(new PrometheusRegistry()),
            new PrometheusRegistry());
    server.start();
    server.serving(true);
    return server.port();
  }

  private static int generated(FeedConfig config, int posts, Executor threads) throws IOException {
    MessageStore store = new MessageStore(new PostStore(StoreConfig.defaults()), posts);
    PostStream stream = new FeedWorkload(posts).stream();
    PostFields post = new PostFields();
    for (int i = 0; i < posts; i++) {
      stream.next(post);
      store.create(post);
    }
    return NetworkServer.start(
        new GeneratedService(store, stream.now(), threads), config.maxRequestBytes());
  }

  private static int ceiling(FeedConfig config, int answerBytes, Executor threads)
      throws IOException {
    return NetworkServer.start(
        NetworkServer.fixedAnswer(new byte[answerBytes], threads), config.maxRequestBytes());
  }

  /** A store that is always up to date. */
  private record Fresh(InstantSource clock) implements Freshness {
    @Override
    public @Nullable String unavailable() {
      return null;
    }

    @Override
    public boolean stale() {
      return false;
    }

    @Override
    public boolean gap() {
      return false;
    }

    @Override
    public long asOfMs() {
      return clock.millis();
    }
  }
}
