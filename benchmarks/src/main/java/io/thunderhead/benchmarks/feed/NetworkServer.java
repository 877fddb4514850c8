package io.thunderhead.benchmarks.feed;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.thunderhead.protocol.v1.InNetworkPostsServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A gRPC server with the network set up as ours is, for the services that ours is held against. */
final class NetworkServer {
  private NetworkServer() {}

  /** As many threads as our server keeps for requests. */
  static Executor threads(int count) {
    return new ThreadPoolExecutor(
        count,
        count,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(1024),
        work -> Thread.ofPlatform().daemon().unstarted(work));
  }

  /** Listens; the port. */
  static int start(BindableService service, int maxRequestBytes) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(service)
            .maxInboundMessageSize(maxRequestBytes)
            .build()
            .start();
    return server.getPort();
  }

  /** A service that answers every call with the same bytes, on the threads given. */
  static BindableService fixedAnswer(byte[] answer, Executor threads) {
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(InNetworkPostsServiceGrpc.SERVICE_NAME)
            .addMethod(RawMessages.WHOLE)
            .build();
    return () ->
        ServerServiceDefinition.builder(service)
            .addMethod(
                RawMessages.WHOLE,
                ServerCalls.asyncUnaryCall((request, caller) ->
                    threads.execute(() -> {
                      caller.onNext(answer);
                      caller.onCompleted();
                    })))
            .build();
  }
}
