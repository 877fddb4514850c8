package io.thunderhead.serving.feed;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way through the network: requests that are not whole yet and answers that have not
 * left, of all calls of all connections, bounded in bytes and in time. Where there is too much,
 * what has been on its way for longest goes first: a caller who keeps pace is through within
 * moments, so it is never the one.
 *
 * <p>A request that is too slow is refused; for an answer it is too late for that, and its
 * connection is cut.
 */
final class Transit implements AutoCloseable {
  private static final Context.Key<Stream> STREAM = Context.key("thunderhead-transit");
  private static final long LOOK_MS = 250;

  /** What a call costs before a byte of its request has come. */
  private static final int STREAM_BYTES = 4 << 10;

  private final Predicate<SocketAddress> cutter;
  private final FeedMetrics metrics;
  private final Way incoming;
  private final Way outgoing;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watcher =
      Thread.ofPlatform().daemon().name("feed-transit").unstarted(this::watch);

  /**
   * @param cutter closes the connection to an address; false if it was closed already
   */
  Transit(ConnectionLimits limits, Predicate<SocketAddress> cutter, FeedMetrics metrics) {
    this.cutter = cutter;
    this.metrics = metrics;
    this.incoming = new Way(limits.maxIncomingBytes(), limits.receiveSeconds());
    this.outgoing = new Way(limits.maxOutgoingBytes(), limits.sendSeconds());
  }

  void start() {
    watcher.start();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  long incomingBytes() {
    return incoming.bytes();
  }

  long outgoingBytes() {
    return outgoing.bytes();
  }

  ServerStreamTracer.Factory tracers() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Stream();
      }
    };
  }

  ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Stream stream = STREAM.get();
        if (stream == null) {
          return next.startCall(call, headers);
        }
        stream.begin(call);
        return new Arriving<>(next.startCall(new Closing<>(call, stream), headers), stream);
      }
    };
  }

  private void watch() {
    try {
      while (!closed.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
        long nowNs = System.nanoTime();
        incoming
            .late(nowNs)
            .forEach(one -> one.refuse("slow_request", "did not come whole in time"));
        outgoing.late(nowNs).forEach(one -> one.cut("slow_reader"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Bytes on one of the two ways, and whose they are, in the order in which they began. */
  private static final class Way {
    private final long mostBytes;
    private final long mostNs;

    // Guarded by this.
    private final Set<Part> parts = new LinkedHashSet<>();
    private long bytes;

    Way(long mostBytes, long mostSeconds) {
      this.mostBytes = mostBytes;
      this.mostNs = TimeUnit.SECONDS.toNanos(mostSeconds);
    }

    synchronized void begin(Part part) {
      part.sinceNs = System.nanoTime();
      parts.add(part);
    }

    /** Sets what a part holds now; returns those that must go for it, the oldest first. */
    synchronized List<Stream> hold(Part part, long held) {
      if (!parts.contains(part)) {
        return List.of();
      }
      bytes += held - part.bytes;
      part.bytes = held;
      if (bytes <= mostBytes) {
        return List.of();
      }
      List<Stream> gone = new ArrayList<>();
      Iterator<Part> oldest = parts.iterator();
      while (bytes > mostBytes && oldest.hasNext()) {
        Part victim = oldest.next();
        if (victim.bytes > 0) {
          oldest.remove();
          bytes -= victim.bytes;
          gone.add(victim.stream);
        }
      }
      return gone;
    }

    synchronized void end(Part part) {
      if (parts.remove(part)) {
        bytes -= part.bytes;
      }
    }

    synchronized List<Stream> late(long nowNs) {
      List<Stream> late = new ArrayList<>();
      Iterator<Part> oldest = parts.iterator();
      while (oldest.hasNext()) {
        Part part = oldest.next();
        if (nowNs - part.sinceNs < mostNs) {
          break;
        }
        oldest.remove();
        bytes -= part.bytes;
        late.add(part.stream);
      }
      return late;
    }

    synchronized long bytes() {
      return bytes;
    }
  }

  /** One stream's part of a way; its fields are guarded by the way. */
  private static final class Part {
    private final Stream stream;
    private long sinceNs;
    private long bytes;

    Part(Stream stream) {
      this.stream = stream;
    }
  }

  /** Who may still close a call. */
  private enum State {
    /** Its request is on its way. */
    ARRIVING,
    /** The request is whole; the handler closes. */
    HANDLED,
    /** Refused by us; whatever the handler does is too late. */
    REFUSED
  }

  /** One stream as gRPC tells of it, on its connection's thread. */
  private final class Stream extends ServerStreamTracer {
    private final Part in = new Part(this);
    private final Part out = new Part(this);
    private final AtomicReference<State> state = new AtomicReference<>(State.ARRIVING);
    private volatile @Nullable ServerCall<?, ?> call;
    private long wireBytes;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(STREAM, this);
    }

    void begin(ServerCall<?, ?> begun) {
      call = begun;
      incoming.begin(in);
      arrived(wireBytes);
    }

    @Override
    public void inboundWireSize(long more) {
      wireBytes += more;
      arrived(wireBytes);
    }

    /** So much of the request is held: as it comes, and in the end inflated. */
    void arrived(long held) {
      for (Stream gone : incoming.hold(in, STREAM_BYTES + held)) {
        gone.refuse("requests_under_way", "had to make room for others");
      }
    }

    void answering(long held) {
      outgoing.begin(out);
      outgoing.hold(out, held).forEach(gone -> gone.cut("answers_under_way"));
    }

    @Override
    public void streamClosed(Status status) {
      incoming.end(in);
      outgoing.end(out);
    }

    /** Whether the request is the handler's now. */
    boolean arrive() {
      boolean mine = state.compareAndSet(State.ARRIVING, State.HANDLED);
      if (mine) {
        incoming.end(in);
      }
      return mine;
    }

    boolean isRefused() {
      return state.get() == State.REFUSED;
    }

    void refuse(String reason, String words) {
      ServerCall<?, ?> refused = call;
      if (refused == null || !state.compareAndSet(State.ARRIVING, State.REFUSED)) {
        return;
      }
      metrics.rejected(reason);
      metrics.ended(Status.Code.RESOURCE_EXHAUSTED);
      refused.close(
          Status.RESOURCE_EXHAUSTED.withDescription("the request " + words), new Metadata());
    }

    void cut(String reason) {
      ServerCall<?, ?> stuck = call;
      SocketAddress remote =
          stuck == null ? null : stuck.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      if (remote != null && cutter.test(remote)) {
        metrics.cutConnection(reason);
      }
    }
  }

  /** The handler's side of a call; it hears nothing of one that we have refused. */
  private static final class Arriving<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Stream stream;

    Arriving(ServerCall.Listener<Q> handler, Stream stream) {
      super(handler);
      this.stream = stream;
    }

    @Override
    public void onMessage(Q message) {
      if (message instanceof InboundRequest request) {
        stream.arrived(request.bytes().length);
      } else {
        stream.arrive();
      }
      if (!stream.isRefused()) {
        super.onMessage(message);
      }
    }

    @Override
    public void onHalfClose() {
      stream.arrive();
      if (!stream.isRefused()) {
        super.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      if (!stream.isRefused()) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!stream.isRefused()) {
        super.onComplete();
      }
    }
  }

  /** Closes a call unless we have. */
  private static final class Closing<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Stream stream;

    Closing(ServerCall<Q, A> call, Stream stream) {
      super(call);
      this.stream = stream;
    }

    @Override
    public void sendMessage(A message) {
      if (message instanceof EncodedAnswer answer) {
        stream.answering(answer.length());
      }
      super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      stream.arrive();
      if (!stream.isRefused()) {
        super.close(status, trailers);
      }
    }
  }
}
