package io.thunderhead.benchmarks.feed;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers who ask at a rate, whether or not they are answered: nobody waits for anybody, and a
 * call's time counts from when it was due. All of it is one thread, the network's.
 */
final class FloodCallers implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int MOST_UNDER_WAY = 10_000;
  private static final long TICK_US = 500;
  private static final int REQUESTS = 1_000;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ManagedChannel[] channels = new ManagedChannel[CONNECTIONS];
  private final byte[][] requests = new byte[REQUESTS][];

  FloodCallers(int port) {
    for (int i = 0; i < CONNECTIONS; i++) {
      channels[i] =
          NettyChannelBuilder.forAddress("127.0.0.1", port)
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(loop)
              .channelType(NioSocketChannel.class)
              .build();
    }
    for (int i = 0; i < REQUESTS; i++) {
      requests[i] = FeedWorkload.ofUser(1 + i % FeedWorkload.USERS);
    }
  }

  /** So many a second for so long; returns once the last is answered. */
  Flood run(double perSecond, long durationMs) throws InterruptedException, ExecutionException {
    Run run = new Run(perSecond, durationMs);
    loop.execute(run::start);
    return run.done.get();
  }

  /** So many under way at any time for so long. */
  Flood runClosed(int callers, long durationMs) throws InterruptedException, ExecutionException {
    Run run = new Run(0, durationMs);
    loop.execute(() -> {
      run.start();
      for (int i = 0; i < callers; i++) {
        run.call(System.nanoTime());
      }
    });
    return run.done.get();
  }

  @Override
  public void close() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** One phase; the loop's alone. At rate 0 each call begins when another one has ended. */
  private final class Run {
    final CompletableFuture<Flood> done = new CompletableFuture<>();
    private final double perNs;
    private final long durationNs;
    private final Flood flood;
    private @Nullable ScheduledFuture<?> ticks;
    private long startNs;
    private long sent;
    private int underWay;
    private boolean over;

    Run(double perSecond, long durationMs) {
      this.perNs = perSecond / 1e9;
      this.durationNs = TimeUnit.MILLISECONDS.toNanos(durationMs);
      this.flood = new Flood(durationNs);
    }

    void start() {
      startNs = System.nanoTime();
      ticks = loop.scheduleAtFixedRate(this::tick, 0, TICK_US, TimeUnit.MICROSECONDS);
    }

    private void tick() {
      long sinceNs = System.nanoTime() - startNs;
      if (sinceNs >= durationNs) {
        over = true;
        finishIfDone();
        return;
      }
      while (perNs > 0 && sent / perNs <= sinceNs) {
        long dueNs = startNs + (long) (sent / perNs);
        sent++;
        if (underWay < MOST_UNDER_WAY) {
          call(dueNs);
        } else {
          flood.unsent();
        }
      }
    }

    void call(long dueNs) {
      int which = (int) (flood.begun() % REQUESTS);
      flood.begin();
      underWay++;
      ClientCall<byte[], Integer> call =
          channels[which % CONNECTIONS].newCall(RawMessages.LENGTHS, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              ended(status, dueNs);
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(requests[which]);
      call.halfClose();
    }

    private void ended(Status status, long dueNs) {
      long nowNs = System.nanoTime();
      underWay--;
      flood.end(status.getCode(), nowNs - startNs, nowNs - dueNs);
      if (over) {
        finishIfDone();
      } else if (perNs == 0) {
        // Not at once: a call that is refused in this very moment would end in a recursion.
        loop.execute(() -> call(System.nanoTime()));
      }
    }

    private void finishIfDone() {
      if (underWay == 0 && ticks != null) {
        ticks.cancel(false);
        done.complete(flood);
      }
    }
  }
}
