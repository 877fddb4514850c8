package io.thunderhead.serving.feed;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.access.Connections;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import io.thunderhead.serving.graph.FollowGraph;
import io.thunderhead.store.PostStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server: the posts service, standard health, reflection. It listens before there is
 * anything to answer, and says so until then.
 */
public final class FeedServer implements AutoCloseable {
  /** The service's full name, as health and reflection know it. */
  public static final String SERVICE = InNetworkPostsServiceGrpc.SERVICE_NAME;

  private static final long DRAIN_LOOK_MS = 20;

  /** Long enough for the last answers to leave, and for a request on its way to arrive. */
  private static final long HALF_SENT_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Server server;
  private final FeedHandler handler;
  private final Connections connections;
  private final Transit transit;
  private final RecentLatencies latencies = new RecentLatencies();
  private final HealthStatusManager health = new HealthStatusManager();
  private final AtomicBoolean ended = new AtomicBoolean();

  /**
   * @param graph asked when a request brings no following list; null to ask nobody
   * @param access who may call; the caller's to close, after this server
   */
  public FeedServer(
      FeedConfig config,
      PostStore store,
      Freshness freshness,
      @Nullable FollowGraph graph,
      InstantSource clock,
      Access access,
      PrometheusRegistry registry) {
    AtomicReference<@Nullable FeedHandler> itself = new AtomicReference<>();
    FeedMetrics metrics =
        new FeedMetrics(
            registry,
            () -> of(itself, FeedHandler::inFlight),
            () -> of(itself, FeedHandler::limit));
    this.handler =
        new FeedHandler(
            config,
            freshness,
            metrics,
            () -> new FeedWorker(config, store, freshness, graph, clock, metrics, latencies));
    itself.set(handler);
    serving(false);
    ConnectionLimits limits = config.connections();
    this.connections = new Connections(limits.maxConnections(), limits.maxConnectionsPerAddress());
    this.transit = new Transit(limits, connections::cut, metrics);
    observe(registry);
    this.server = build(config, access);
  }

  private void observe(PrometheusRegistry registry) {
    FeedMetrics.gauge(registry, "open_connections", "Connections of callers.", connections::open);
    FeedMetrics.gauge(
        registry,
        "incoming_bytes",
        "Bytes of requests that are not whole yet.",
        transit::incomingBytes);
    FeedMetrics.gauge(
        registry, "outgoing_bytes", "Bytes of answers that have not left.", transit::outgoingBytes);
    CounterWithCallback.builder()
        .name("thunderhead_feed_refused_connections")
        .help("Connections closed at once because there were enough.")
        .callback(callback -> callback.call((double) connections.refused()))
        .register(registry);
  }

  /** The metrics are there before what they look at. */
  private static int of(
      AtomicReference<@Nullable FeedHandler> handler, ToIntFunction<FeedHandler> figure) {
    FeedHandler built = handler.get();
    return built == null ? 0 : figure.applyAsInt(built);
  }

  /** Begins to listen. */
  public void start() throws IOException {
    server.start();
    transit.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** What health answers, for the whole server and for the service. */
  public void serving(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(SERVICE, status);
  }

  /** Requests being answered now. */
  public int inFlight() {
    return handler.inFlight();
  }

  public FeedLatency recentLatency() {
    return latencies.recent();
  }

  /**
   * Takes no more calls and waits for those under way. A call whose request has not come whole is
   * not under way: it is cut off once nothing else is left.
   *
   * @return false if some were still under way when the time was over; they are cut off
   */
  public boolean drain(Duration grace) throws InterruptedException {
    endHealth();
    server.shutdown();
    long deadlineNs = System.nanoTime() + grace.toNanos();
    long idleSinceNs = System.nanoTime();
    while (!server.awaitTermination(DRAIN_LOOK_MS, TimeUnit.MILLISECONDS)) {
      long nowNs = System.nanoTime();
      boolean busy = inFlight() > 0;
      idleSinceNs = busy ? nowNs : idleSinceNs;
      if (nowNs - deadlineNs >= 0 || nowNs - idleSinceNs >= HALF_SENT_LIMIT_NS) {
        server.shutdownNow();
        return !busy;
      }
    }
    return true;
  }

  @Override
  public void close() {
    endHealth();
    server.shutdownNow();
    transit.close();
    connections.close();
    handler.close();
  }

  /** Not serving from here on, whatever is set later; gRPC complains about a second time. */
  private void endHealth() {
    if (ended.compareAndSet(false, true)) {
      health.enterTerminalState();
    }
  }

  private Server build(FeedConfig config, Access access) {
    ConnectionLimits limits = config.connections();
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(Codec.Identity.NONE);
    compressors.register(new Codec.Gzip());
    compressors.register(new ZstdCodec(config.zstdLevel()));
    NettyServerBuilder server =
        NettyServerBuilder.forAddress(new InetSocketAddress(config.bind(), config.grpcPort()));
    connections.bound(server);
    // The last interceptor is the first to see a call.
    access.guard(server);
    return server
        .intercept(transit.interceptor())
        .addStreamTracerFactory(transit.tracers())
        .directExecutor()
        .addService(definition())
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(reflectionV1Alpha())
        .compressorRegistry(compressors)
        .decompressorRegistry(
            DecompressorRegistry.emptyInstance()
                .with(Codec.Identity.NONE, false)
                .with(new BoundedInflation(new Codec.Gzip()), true)
                .with(new BoundedInflation(new ZstdCodec(config.zstdLevel())), true))
        .maxInboundMessageSize(config.maxRequestBytes())
        .maxInboundMetadataSize(limits.maxMetadataBytes())
        .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
        .handshakeTimeout(limits.handshakeTimeoutSeconds(), TimeUnit.SECONDS)
        .maxConnectionIdle(limits.idleSeconds(), TimeUnit.SECONDS)
        .keepAliveTime(limits.keepAliveSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(limits.keepAliveTimeoutSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveTime(limits.permitKeepAliveSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxRstFramesPerWindow(10 * limits.maxResetsPerSecond(), 10)
        .build();
  }

  /** Clients still ask for it before they try v1. */
  @SuppressWarnings("deprecation")
  private static io.grpc.BindableService reflectionV1Alpha() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }

  /** The generated service with marshallers of ours; callers see no difference. */
  private ServerServiceDefinition definition() {
    ServiceDescriptor generated = InNetworkPostsServiceGrpc.getServiceDescriptor();
    MethodDescriptor<InboundRequest, EncodedAnswer> method =
        InNetworkPostsServiceGrpc.getGetInNetworkPostsMethod().toBuilder(
                new RequestMarshaller(), new AnswerMarshaller())
            .build();
    ServiceDescriptor.Builder service =
        ServiceDescriptor.newBuilder(generated.getName()).addMethod(method);
    Object schema = generated.getSchemaDescriptor();
    if (schema != null) {
      service.setSchemaDescriptor(schema);
    }
    return ServerServiceDefinition.builder(service.build()).addMethod(method, handler).build();
  }
}
