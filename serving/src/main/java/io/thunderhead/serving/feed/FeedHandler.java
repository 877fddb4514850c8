package io.thunderhead.serving.feed;

import com.netflix.concurrency.limits.Limiter;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.thunderhead.access.RetryHint;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which calls are answered. Not ready and over capacity are told at once, on the network's
 * thread; whoever is admitted finds a thread free, since there are as many threads as permits at
 * most. A permit is given back when the work has ended, not when the caller has gone, and just
 * before the caller learns of it.
 */
final class FeedHandler implements ServerCallHandler<InboundRequest, EncodedAnswer> {
  private static final Logger LOG = LoggerFactory.getLogger(FeedHandler.class);

  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ACCEPT_ENCODING =
      Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);

  /** The part of a call's time that is kept for encoding, sending and the caller's own reading. */
  private static final long RESERVED_PART = 5;

  private static final long LEAST_RESERVE_NS = TimeUnit.MILLISECONDS.toNanos(2);

  private final long requestTimeoutNs;
  private final Freshness freshness;
  private final FeedMetrics metrics;
  private final Supplier<FeedWorker> newWorker;
  private final Admission admission;

  /** The one that was busy last is taken first: what it keeps is still in the cache. */
  private final BlockingDeque<FeedWorker> idleWorkers;

  private final ThreadPoolExecutor threads;

  FeedHandler(
      FeedConfig config, Freshness freshness, FeedMetrics metrics, Supplier<FeedWorker> newWorker) {
    this.requestTimeoutNs = TimeUnit.MILLISECONDS.toNanos(config.requestTimeoutMs());
    this.freshness = freshness;
    this.metrics = metrics;
    this.newWorker = newWorker;
    int capacity = config.maxConcurrentRequests();
    this.admission = new Admission(config.concurrencyLimit(), capacity);
    this.idleWorkers = new LinkedBlockingDeque<>(capacity);
    AtomicInteger number = new AtomicInteger();
    // The queue bridges the moment between a permit's return and its thread's. It can't fill up:
    // whatever is in it holds a permit.
    this.threads =
        new ThreadPoolExecutor(
            capacity,
            capacity,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(capacity),
            work ->
                Thread.ofPlatform()
                    .daemon()
                    .name("feed-" + number.getAndIncrement())
                    .unstarted(work));
  }

  /** Requests being answered now. */
  int inFlight() {
    return admission.inFlight();
  }

  /** Requests that may be answered at once now. */
  int limit() {
    return admission.limit();
  }

  /** Ends the threads; called once no call comes any more. */
  void close() {
    threads.shutdownNow();
  }

  @Override
  public ServerCall.Listener<InboundRequest> startCall(
      ServerCall<InboundRequest, EncodedAnswer> call, Metadata headers) {
    long arrivedNs = System.nanoTime();
    String unavailable = freshness.unavailable();
    if (unavailable != null) {
      refuse(call, Status.UNAVAILABLE.withDescription(unavailable), "not_ready");
      return new ServerCall.Listener<>() {};
    }
    if (admission.full()) {
      refuseOverCapacity(call);
      return new ServerCall.Listener<>() {};
    }
    long remainingNs = remainingNs();
    boolean limited = remainingNs < Long.MAX_VALUE;
    long stopAtNs =
        limited
            ? arrivedNs + remainingNs - Math.max(LEAST_RESERVE_NS, remainingNs / RESERVED_PART)
            : 0;
    String compression = compression(headers);
    call.request(2); // The second would be one too many, and is asked for to notice it.
    return new Listener(call, arrivedNs, limited, stopAtNs, compression);
  }

  /** The time until the caller's deadline or ours, whichever is first. */
  private long remainingNs() {
    Deadline deadline = Context.current().getDeadline();
    long remainingNs =
        deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    return requestTimeoutNs == 0 ? remainingNs : Math.min(remainingNs, requestTimeoutNs);
  }

  /**
   * As the request was compressed. Beyond that only zstd is taken from what a caller says to
   * accept: no library names it unless told to, while gzip is named by all.
   */
  private static @Nullable String compression(Metadata headers) {
    String encoding = headers.get(ENCODING);
    if (encoding != null && (encoding.equals("gzip") || encoding.equals(ZstdCodec.NAME))) {
      return encoding;
    }
    String accepted = headers.get(ACCEPT_ENCODING);
    if (accepted == null) {
      return null;
    }
    for (String name : accepted.split(",", 16)) {
      if (name.trim().equals(ZstdCodec.NAME)) {
        return ZstdCodec.NAME;
      }
    }
    return null;
  }

  private void admit(AdmittedCall admitted) {
    Limiter.Listener permit = admission.admit();
    if (permit == null) {
      refuseOverCapacity(admitted.call());
      return;
    }
    try {
      threads.execute(() -> serve(admitted, permit));
    } catch (RejectedExecutionException e) {
      permit.onIgnore();
      refuse(
          admitted.call(), Status.UNAVAILABLE.withDescription("the node is stopping"), "stopping");
    }
  }

  private void serve(AdmittedCall admitted, Limiter.Listener permit) {
    @Nullable Status end = null;
    try {
      FeedWorker idle = idleWorkers.pollFirst();
      FeedWorker worker = idle == null ? newWorker.get() : idle;
      end = worker.serve(admitted);
      idleWorkers.addFirst(worker);
    } catch (RuntimeException | Error e) {
      // Only making a worker can fail, for want of memory; its caller must not wait for ever.
      LOG.warn("A request could not be served", e);
      metrics.rejected("failed");
      metrics.ended(Status.Code.INTERNAL);
      end = Status.INTERNAL.withDescription("the request failed");
    } finally {
      // The time of what was refused or given up says nothing about load.
      if (end != null && end.isOk()) {
        permit.onSuccess();
      } else {
        permit.onIgnore();
      }
    }
    if (end != null) {
      admitted.call().close(end, new Metadata());
    }
  }

  private void refuseOverCapacity(ServerCall<?, ?> call) {
    RetryHint hint = admission.hint();
    refuse(call, hint.status(), hint.trailers(), "over_capacity");
  }

  private void refuse(ServerCall<?, ?> call, Status status, String reason) {
    refuse(call, status, new Metadata(), reason);
  }

  private void refuse(ServerCall<?, ?> call, Status status, Metadata trailers, String reason) {
    metrics.rejected(reason);
    metrics.ended(status.getCode());
    call.close(status, trailers);
  }

  /** One call's events, on the network's thread. */
  private final class Listener extends ServerCall.Listener<InboundRequest> {
    private final ServerCall<InboundRequest, EncodedAnswer> call;
    private final long arrivedNs;
    private final boolean limited;
    private final long stopAtNs;
    private final @Nullable String compression;
    private @Nullable InboundRequest request;

    /** Refused, or handed on: its end is counted, or will be. */
    private boolean ended;

    Listener(
        ServerCall<InboundRequest, EncodedAnswer> call,
        long arrivedNs,
        boolean limited,
        long stopAtNs,
        @Nullable String compression) {
      this.call = call;
      this.arrivedNs = arrivedNs;
      this.limited = limited;
      this.stopAtNs = stopAtNs;
      this.compression = compression;
    }

    @Override
    public void onMessage(InboundRequest message) {
      if (request != null && !ended) {
        ended = true;
        refuse(call, Status.INTERNAL.withDescription("more than one request"), "invalid");
      }
      request = message;
    }

    @Override
    public void onHalfClose() {
      if (ended) {
        return;
      }
      ended = true;
      InboundRequest complete = request;
      if (complete == null) {
        refuse(call, Status.INTERNAL.withDescription("no request"), "invalid");
        return;
      }
      request = null; // The bytes are the worker's; a call may live on for long.
      admit(new AdmittedCall(call, complete, arrivedNs, limited, stopAtNs, compression));
    }

    @Override
    public void onCancel() {
      if (!ended) {
        ended = true;
        metrics.ended(Status.Code.CANCELLED);
      }
    }
  }
}
