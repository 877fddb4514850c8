package io.thunderhead.pipeline.enrich.distribute;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.thunderhead.access.Access;
import io.thunderhead.access.Connections;
import io.thunderhead.protocol.v1.DistributorMessage;
import io.thunderhead.protocol.v1.EnrichmentServiceGrpc;
import io.thunderhead.protocol.v1.WorkerMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The gRPC side of a distributor: the workers' service, health and reflection. */
final class EnrichmentServer implements AutoCloseable {
  /** The largest message of a worker: a hundred outcomes of the largest kind. */
  static final int MAX_MESSAGE_BYTES = 4 << 20;

  private static final int MAX_METADATA_BYTES = 16 << 10;

  /** A worker has one stream; a few more are health checks and people who look. */
  private static final int MAX_CALLS_PER_CONNECTION = 16;

  private static final int MAX_CONNECTIONS = 1_024;

  private static final int HANDSHAKE_SECONDS = 10;

  /** How soon a worker that vanished without a word is found. */
  private static final int KEEP_ALIVE_SECONDS = 10;

  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  /** Workers ask less often; who asks more is cut off. */
  private static final int PERMIT_KEEP_ALIVE_SECONDS = 5;

  private static final int MAX_RESETS_PER_WINDOW = 1_000;
  private static final int RESET_WINDOW_SECONDS = 10;
  private static final long STOP_MS = 500;

  private final HealthStatusManager health = new HealthStatusManager();
  private final Connections connections = new Connections(MAX_CONNECTIONS, MAX_CONNECTIONS);
  private final Server server;

  EnrichmentServer(String bind, int port, Access access, Dispatcher dispatcher) {
    serving(true);
    NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(bind, port));
    connections.bound(builder);
    access.guard(builder);
    server =
        builder
            .directExecutor()
            .addService(new Service(dispatcher))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(PERMIT_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxRstFramesPerWindow(MAX_RESETS_PER_WINDOW, RESET_WINDOW_SECONDS)
            .build();
  }

  void start() throws IOException {
    server.start();
  }

  int port() {
    return server.getPort();
  }

  void serving(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(EnrichmentServiceGrpc.SERVICE_NAME, status);
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    connections.close();
  }

  private static final class Service extends EnrichmentServiceGrpc.EnrichmentServiceImplBase {
    private final Dispatcher dispatcher;

    Service(Dispatcher dispatcher) {
      this.dispatcher = dispatcher;
    }

    @Override
    public StreamObserver<WorkerMessage> work(StreamObserver<DistributorMessage> out) {
      return new WorkerSession((ServerCallStreamObserver<DistributorMessage>) out, dispatcher);
    }
  }
}
