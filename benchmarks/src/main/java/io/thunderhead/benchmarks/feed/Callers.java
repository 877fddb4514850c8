package io.thunderhead.benchmarks.feed;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.thunderhead.benchmarks.report.BenchFailedException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Callers of one server, each with one request under way at any time: the next begins when the
 * answer has come. Eight share a connection.
 */
final class Callers implements AutoCloseable {
  private static final int PER_CONNECTION = 8;
  private static final int LIMIT_SECONDS = 30;

  private final ManagedChannel[] channels;
  private final byte[][] requests;
  private final AtomicReference<@Nullable Status> failure = new AtomicReference<>();
  private volatile boolean over;

  Callers(int port, int most, byte[][] requests) {
    this.requests = requests;
    channels = new ManagedChannel[(most + PER_CONNECTION - 1) / PER_CONNECTION];
    for (int i = 0; i < channels.length; i++) {
      channels[i] =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().directExecutor().build();
    }
  }

  /** The whole answer to one request. */
  byte[] answer(int request) {
    return ClientCalls.blockingUnaryCall(
        channels[0],
        RawMessages.WHOLE,
        CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS),
        requests[request]);
  }

  /** So many callers for so long. */
  Round run(ServerProcess server, int count, long durationMs) throws InterruptedException {
    over = false;
    CountDownLatch running = new CountDownLatch(count);
    Caller[] callers = new Caller[count];
    long cpuBefore = server.cpuNs();
    long startNs = System.nanoTime();
    for (int i = 0; i < count; i++) {
      callers[i] = new Caller(channels[i / PER_CONNECTION], i * 7, running);
      callers[i].call();
    }
    TimeUnit.MILLISECONDS.sleep(durationMs);
    over = true;
    if (!running.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new BenchFailedException("no answer of " + server.kind() + " for half a minute");
    }
    long tookNs = System.nanoTime() - startNs;
    Status failed = failure.get();
    if (failed != null) {
      throw new BenchFailedException("a call of " + server.kind() + " failed: " + failed);
    }
    return Round.of(
        Arrays.stream(callers).map(Caller::latencies).toList(), tookNs, server.cpuNs() - cpuBefore);
  }

  @Override
  public void close() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
  }

  /** One caller; its fields belong to its channel's thread, one call after the other. */
  private final class Caller {
    private final ManagedChannel channel;
    private final CountDownLatch running;
    private long[] latenciesNs = new long[1024];
    private int count;
    private int next;

    Caller(ManagedChannel channel, int first, CountDownLatch running) {
      this.channel = channel;
      this.next = first;
      this.running = running;
    }

    void call() {
      ClientCall<byte[], Integer> call = channel.newCall(RawMessages.LENGTHS, CallOptions.DEFAULT);
      long startNs = System.nanoTime();
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              ended(status, System.nanoTime() - startNs);
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(requests[next++ % requests.length]);
      call.halfClose();
    }

    private void ended(Status status, long tookNs) {
      if (!status.isOk()) {
        failure.compareAndSet(null, status);
      } else {
        if (count == latenciesNs.length) {
          latenciesNs = Arrays.copyOf(latenciesNs, count * 2);
        }
        latenciesNs[count++] = tookNs;
      }
      if (over || !status.isOk()) {
        running.countDown();
      } else {
        call();
      }
    }

    /** After the end. */
    long[] latencies() {
      return Arrays.copyOf(latenciesNs, count);
    }
  }
}
