package io.thunderhead.pipeline.enrich.work;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.pipeline.enrich.work.WorkMetrics.Outcome;
import io.thunderhead.protocol.v1.DistributorMessage;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.EnrichmentOutcome;
import io.thunderhead.protocol.v1.EnrichmentRequest;
import io.thunderhead.protocol.v1.EnrichmentServiceGrpc;
import io.thunderhead.protocol.v1.WorkerHello;
import io.thunderhead.protocol.v1.WorkerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's side of one distributor: keeps a stream open, opens it again when it breaks, and never
 * holds more requests than its share of the concurrency. The credits are the requests that it could
 * take more; each outcome gives one back.
 *
 * <p>One thread keeps the stream; each request runs on a virtual thread of its own, for most of
 * them wait for somebody else.
 */
final class DistributorLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DistributorLink.class);

  /** The largest message of a distributor: one request with the largest record as its input. */
  private static final int MAX_MESSAGE_BYTES = 16 << 20;

  private static final int KEEP_ALIVE_SECONDS = 10;
  private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 5;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
  private static final long FIRST_BACK_OFF_MS = 100;
  private static final long LONGEST_BACK_OFF_MS = 5_000;

  private final String address;
  private final WorkConfig config;
  private final int share;
  private final List<String> enrichers;
  private final Workbench bench;
  private final WorkMetrics metrics;
  private final ManagedChannel channel;
  private final Thread keeper;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Stream stream;

  DistributorLink(
      String address,
      WorkConfig config,
      int share,
      List<String> enrichers,
      ClientAccess access,
      Workbench bench,
      WorkMetrics metrics) {
    this.address = address;
    this.config = config;
    this.share = share;
    this.enrichers = enrichers;
    this.bench = bench;
    this.metrics = metrics;
    channel =
        access
            .applyTo(NettyChannelBuilder.forTarget("dns:///" + address))
            .directExecutor()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .build();
    keeper = Thread.ofPlatform().name("work-" + address).unstarted(this::keep);
  }

  void start() {
    keeper.start();
  }

  /** Why it does no work now; null if it does. */
  @Nullable String problem() {
    Stream current = stream;
    return current != null && current.welcomed ? null : address + " is not connected";
  }

  /** Takes nothing more, finishes or hands back what it has, and says goodbye. */
  @Override
  public void close() {
    stopping.countDown();
    Stream current = stream;
    boolean interrupted = false;
    try {
      if (current != null) {
        current.drain(config.drainMs());
      }
      boolean started = keeper.getState() != Thread.State.NEW;
      if (started && !keeper.join(STOP_LIMIT)) {
        channel.shutdownNow(); // A stream that was opened in the moment of stopping.
        keeper.join();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    keeper.interrupt();
    channel.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** As a crash would: the stream is cut, nothing is said. */
  void abort() {
    stopping.countDown();
    channel.shutdownNow();
  }

  private void keep() {
    long backOffMs = FIRST_BACK_OFF_MS;
    boolean said = false;
    try {
      while (stopping.getCount() > 0) {
        Stream opened = new Stream();
        stream = opened;
        channel.resetConnectBackoff();
        EnrichmentServiceGrpc.newStub(channel).work(opened);
        Status ended = opened.awaitEnd();
        if (opened.welcomed) {
          metrics.connected(-1);
          backOffMs = FIRST_BACK_OFF_MS;
          said = false;
        }
        if (stopping.await(backOffMs, TimeUnit.MILLISECONDS)) {
          return;
        }
        if (!said) {
          LOG.warn("The distributor {} is away ({}); trying again", address, ended.getCode());
          said = true;
        }
        metrics.reconnecting();
        backOffMs = Math.min(LONGEST_BACK_OFF_MS, backOffMs * 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stream = null;
    }
  }

  /** One stream, from hello to its end. Messages go out under its lock. */
  private final class Stream implements ClientResponseObserver<WorkerMessage, DistributorMessage> {
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<Long, Held> held = new ConcurrentHashMap<>();
    private volatile Status status = Status.OK;
    private volatile boolean welcomed;
    private volatile boolean draining;

    // Guarded by this.
    private @Nullable ClientCallStreamObserver<WorkerMessage> out;
    private boolean ended;
    private boolean greeted;

    @Override
    public void beforeStart(ClientCallStreamObserver<WorkerMessage> requests) {
      synchronized (this) {
        out = requests;
      }
      requests.setOnReadyHandler(this::greet);
    }

    private synchronized boolean isGreeted() {
      return greeted;
    }

    private void greet() {
      synchronized (this) {
        if (greeted) {
          return;
        }
        greeted = true;
      }
      send(
          WorkerMessage.newBuilder()
              .setHello(
                  WorkerHello.newBuilder().setWorker(config.worker()).addAllEnrichers(enrichers))
              .setCredits(share)
              .build());
    }

    @Override
    public void onNext(DistributorMessage message) {
      if (message.hasWelcome() && !welcomed) {
        welcomed = true;
        metrics.connected(1);
        LOG.info("Works for the distributor {}", address);
      }
      for (EnrichmentRequest request : message.getRequestsList()) {
        take(request);
      }
    }

    private void take(EnrichmentRequest request) {
      metrics.taken(request.getEnricher());
      Held one = new Held(request);
      held.put(request.getId(), one);
      if (draining) {
        handBack(one);
        return;
      }
      one.thread =
          Thread.ofVirtual().name("enrich-" + request.getEnricher()).start(() -> work(one));
    }

    private void work(Held one) {
      EnrichmentRequest request = one.request;
      try {
        Enrichment enrichment = bench.work(request);
        if (!held.remove(request.getId(), one)) {
          return; // Handed back, or cut off.
        }
        boolean done = enrichment.getStatus() == Enrichment.Status.STATUS_DONE;
        metrics.ended(request.getEnricher(), done ? Outcome.DONE : Outcome.FAILED);
        WorkerMessage.Builder message =
            WorkerMessage.newBuilder()
                .addOutcomes(
                    EnrichmentOutcome.newBuilder()
                        .setRequestId(request.getId())
                        .setEnrichment(enrichment));
        send(draining ? message.build() : message.setCredits(1).build());
      } catch (InterruptedException e) {
        handBack(one);
      }
    }

    private void handBack(Held one) {
      if (held.remove(one.request.getId(), one)) {
        metrics.ended(one.request.getEnricher(), Outcome.HANDED_BACK);
        send(WorkerMessage.newBuilder().addHandedBack(one.request.getId()).build());
      }
    }

    private synchronized void send(WorkerMessage message) {
      ClientCallStreamObserver<WorkerMessage> open = out;
      if (open == null || ended) {
        return;
      }
      try {
        open.onNext(message);
      } catch (IllegalStateException e) {
        LOG.debug("The stream ended while it was written: {}", e.getMessage());
      }
    }

    /** Says goodbye once nothing is held any more, or hands the rest back when time is over. */
    void drain(int limitMs) throws InterruptedException {
      draining = true;
      if (!isGreeted()) {
        cancel(); // Nobody has heard of us, so nothing is on its way.
        return;
      }
      send(WorkerMessage.newBuilder().setDraining(true).build());
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
      for (Held one : List.copyOf(held.values())) {
        Thread working = one.thread;
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (working == null || (leftMs > 0 && join(working, leftMs))) {
          continue;
        }
        handBack(one);
        working.interrupt();
      }
      // What came while we went round is not begun any more.
      List.copyOf(held.values()).forEach(this::handBack);
      complete();
    }

    private static boolean join(Thread thread, long ms) throws InterruptedException {
      return thread.join(Duration.ofMillis(ms));
    }

    private void complete() throws InterruptedException {
      synchronized (this) {
        if (out != null && !ended) {
          ended = true;
          out.onCompleted();
        }
      }
      if (!end.await(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        cancel();
      }
    }

    private synchronized void cancel() {
      ClientCallStreamObserver<WorkerMessage> open = out;
      if (open != null) {
        ended = true;
        open.cancel("the worker is stopping", new TimeoutException("stopped"));
      }
      end.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      finish(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      finish(Status.OK);
    }

    private void finish(Status how) {
      status = how;
      synchronized (this) {
        ended = true;
      }
      // Their distributor gives them to somebody else.
      for (Held one : List.copyOf(held.values())) {
        if (held.remove(one.request.getId(), one)) {
          metrics.ended(one.request.getEnricher(), Outcome.CUT_OFF);
          Thread working = one.thread;
          if (working != null) {
            working.interrupt();
          }
        }
      }
      end.countDown();
    }

    Status awaitEnd() throws InterruptedException {
      end.await();
      return status;
    }
  }

  /** A request and the thread that does it. */
  private static final class Held {
    private final EnrichmentRequest request;
    private volatile @Nullable Thread thread;

    Held(EnrichmentRequest request) {
      this.request = request;
    }
  }
}
