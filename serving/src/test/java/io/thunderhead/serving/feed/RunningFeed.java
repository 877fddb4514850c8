package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.thunderhead.access.Access;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc.InNetworkPostsServiceBlockingStub;
import io.thunderhead.protocol.v1.PerAuthorLimits;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** A server on a socket, with a store that is filled directly, and a caller of it. */
@SuppressWarnings("NullAway.Init") // Set by start, which the constructor calls.
final class RunningFeed implements AutoCloseable {
  static final int CAPACITY = 2;

  PostStore store = new PostStore(StoreConfig.defaults());
  final FixedFreshness freshness = new FixedFreshness();
  final GatedGraph graph = new GatedGraph();
  final long now = System.currentTimeMillis() / 1000;

  FeedServer server;
  ManagedChannel channel;
  InNetworkPostsServiceBlockingStub stub;

  private final PrometheusRegistry registry = new PrometheusRegistry();

  RunningFeed() {
    start(FeedConfig.defaults().withRequests(0, CAPACITY, ConcurrencyLimit.FIXED));
  }

  /** The same store behind another server. */
  void restart(long requestTimeoutMs, int capacity) {
    close();
    registry.clear();
    start(FeedConfig.defaults().withRequests(requestTimeoutMs, capacity, ConcurrencyLimit.FIXED));
  }

  /** The same store behind a server with other limits of connections, and more capacity. */
  void restart(ConnectionLimits limits) {
    close();
    registry.clear();
    start(
        FeedConfig.defaults().withRequests(0, 64, ConcurrencyLimit.FIXED).withConnections(limits));
  }

  double gauge(String name) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> ((GaugeSnapshot) snapshot).getDataPoints().stream())
        .mapToDouble(GaugeSnapshot.GaugeDataPointSnapshot::getValue)
        .sum();
  }

  /** Another store, which takes no more memory than this. */
  void restart(StoreConfig config) {
    store = new PostStore(config);
    restart(0, CAPACITY);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }

  void fill(long author, int count) {
    for (int i = 0; i < count; i++) {
      TestPosts.create(store, author * 1000 + i, author, now - count + i, now);
    }
  }

  CompletableFuture<GetInNetworkPostsResponse> async(GetInNetworkPostsRequest request) {
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

  StatusRuntimeException refused(GetInNetworkPostsRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> stub.getInNetworkPosts(request));
  }

  static GetInNetworkPostsRequest.Builder following(long... users) {
    return GetInNetworkPostsRequest.newBuilder()
        .addAllFollowingUserIds(LongStream.of(users).boxed().toList());
  }

  static GetInNetworkPostsRequest limited(int maxPosts) {
    return following(100)
        .setPerAuthorLimits(PerAuthorLimits.newBuilder().setMaxPostsPerAuthor(maxPosts))
        .build();
  }

  static GetInNetworkPostsRequest user(long user) {
    return GetInNetworkPostsRequest.newBuilder().setUserId(user).build();
  }

  NettyChannelBuilder builder() {
    return NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext();
  }

  static NettyChannelBuilder withZstd(NettyChannelBuilder builder) {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Codec.Gzip());
    compressors.register(new ZstdCodec(1));
    return builder
        .compressorRegistry(compressors)
        .decompressorRegistry(
            DecompressorRegistry.getDefaultInstance().with(new ZstdCodec(1), true));
  }

  static ManagedChannel channel(NettyChannelBuilder builder) {
    return builder.build();
  }

  double counter(String name, String label, String value) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
        .filter(point -> value.equals(point.getLabels().get(label)))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  long count(String name) {
    return registry.scrape(name::equals).stream()
        .flatMap(snapshot -> ((HistogramSnapshot) snapshot).getDataPoints().stream())
        .mapToLong(HistogramSnapshot.HistogramDataPointSnapshot::getCount)
        .sum();
  }

  private void start(FeedConfig config) {
    server =
        new FeedServer(
            config.withAddress("127.0.0.1", 0),
            store,
            freshness,
            graph,
            InstantSource.system(),
            Access.open(new PrometheusRegistry()),
            registry);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel = channel(builder());
    stub = InNetworkPostsServiceGrpc.newBlockingStub(channel);
  }
}
