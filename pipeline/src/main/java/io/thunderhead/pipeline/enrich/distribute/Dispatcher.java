package io.thunderhead.pipeline.enrich.distribute;

import io.grpc.Status;
import io.thunderhead.protocol.v1.DistributorMessage;
import io.thunderhead.protocol.v1.DistributorWelcome;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.EnrichmentOutcome;
import io.thunderhead.protocol.v1.EnrichmentRequest;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives requests to whichever worker has credits for them, and takes back those of workers that
 * hang or are gone. One thread sends to all workers, in turn; outcomes are handled where they come
 * in.
 *
 * <p>An outcome counts whenever its task is still undecided, also from a worker that has lost the
 * lease: the work is done, whoever did it. Everything else is counted and dropped.
 */
final class Dispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** What one message may hold, in requests and in bytes of their inputs. */
  private static final int MAX_REQUESTS_PER_MESSAGE = 128;

  private static final int MAX_BYTES_PER_MESSAGE = 256 << 10;

  /** How late a lease may end. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final TaskBook tasks;
  private final RequestQueue queue;
  private final Leases leases;
  private final int leaseMs;
  private final int maxLeases;
  private final DistributeMetrics metrics;

  private final List<WorkerSession> sessions = new CopyOnWriteArrayList<>();

  /** What happened to sessions, to be done by our thread. */
  private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();

  private final Thread thread =
      Thread.ofPlatform().name("distribute-dispatch").unstarted(this::run);
  private volatile boolean closed;

  Dispatcher(
      TaskBook tasks, RequestQueue queue, int leaseMs, int maxLeases, DistributeMetrics metrics) {
    this.tasks = tasks;
    this.queue = queue;
    this.leases = new Leases(TimeUnit.MILLISECONDS.toNanos(leaseMs));
    this.leaseMs = leaseMs;
    this.maxLeases = maxLeases;
    this.metrics = metrics;
  }

  void start() {
    thread.start();
  }

  /** Puts an activity's tasks into the queue; false if there is no room for all of them. */
  boolean offer(List<EnrichmentTask> made) {
    boolean taken = queue.offer(made);
    if (taken) {
      wake();
    }
    return taken;
  }

  /** True if some worker that is here can do each of these. */
  boolean canServe(Collection<String> enrichers) {
    for (String enricher : enrichers) {
      boolean served = false;
      for (WorkerSession session : sessions) {
        served |= session.enrichers().contains(enricher);
      }
      if (!served) {
        return false;
      }
    }
    return true;
  }

  int workers() {
    return sessions.size();
  }

  int leased() {
    return leases.size();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  void joined(WorkerSession session) {
    events.add(() -> {
      if (!session.isGone()) {
        sessions.add(session);
        session.send(
            DistributorMessage.newBuilder()
                .setWelcome(DistributorWelcome.newBuilder().setLeaseMs(leaseMs))
                .build());
      }
    });
    wake();
  }

  /** A worker is gone without a word; any thread. */
  void left(WorkerSession session) {
    ended(session, this::lost);
  }

  /**
   * A worker has finished what it had and said goodbye; any thread. Requests that crossed its
   * goodbye were never begun, so they cost the task no lease.
   */
  void stopped(WorkerSession session) {
    ended(session, this::takeBack);
  }

  private void ended(WorkerSession session, Consumer<EnrichmentTask> each) {
    events.add(() -> {
      sessions.remove(session);
      leases.takeAllOf(session).forEach(each);
      session.end(Status.OK);
    });
    wake();
  }

  void refused(WorkerSession session, Status why) {
    events.add(() -> session.end(why));
    wake();
  }

  /** A worker's answer; any thread. */
  void outcome(WorkerSession session, EnrichmentOutcome outcome) {
    long id = outcome.getRequestId();
    EnrichmentTask leased = leases.take(id, session);
    EnrichmentTask task = leased == null ? tasks.find(id) : leased;
    if (task == null) {
      metrics.ignored(
          tasks.wasOurs(id)
              ? DistributeMetrics.Ignored.DECIDED
              : DistributeMetrics.Ignored.UNKNOWN);
      return;
    }
    Enrichment enrichment = outcome.getEnrichment();
    boolean answers =
        enrichment.getName().equals(task.enricher())
            && (enrichment.getStatus() == Enrichment.Status.STATUS_DONE
                || enrichment.getStatus() == Enrichment.Status.STATUS_FAILED);
    if (!answers) {
      metrics.ignored(DistributeMetrics.Ignored.MISMATCHED);
      if (leased != null) {
        events.add(() -> lost(leased));
        wake();
      }
      return;
    }
    if (!tasks.decide(task, enrichment)) {
      metrics.ignored(DistributeMetrics.Ignored.DECIDED);
    } else if (leased == null) {
      metrics.cameLate();
    }
  }

  /** A worker that stops will not do this one; any thread. */
  void handedBack(WorkerSession session, long id) {
    EnrichmentTask task = leases.take(id, session);
    if (task == null) {
      metrics.ignored(DistributeMetrics.Ignored.UNKNOWN);
      return;
    }
    takeBack(task);
    wake();
  }

  private void takeBack(EnrichmentTask task) {
    metrics.handedBack();
    queue.giveBack(task);
  }

  /** Ends the streams; workers connect again when there is somebody to connect to. */
  @Override
  public void close() {
    closed = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try {
        boolean sent = turn();
        if (!sent && events.isEmpty()) {
          LockSupport.parkNanos(this, LOOK_NANOS);
        }
      } catch (RuntimeException e) {
        LOG.error("The dispatcher met an error and goes on", e);
      }
    }
    for (WorkerSession session : sessions) {
      session.end(Status.UNAVAILABLE.withDescription("the distributor is stopping"));
    }
  }

  private boolean turn() {
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
    for (EnrichmentTask task : leases.takeExpired(System.nanoTime())) {
      metrics.leaseExpired();
      lost(task);
    }
    boolean sent = false;
    for (WorkerSession session : sessions) {
      sent |= sendSome(session);
    }
    return sent;
  }

  private boolean sendSome(WorkerSession session) {
    int room = Math.min(session.sendable(), MAX_REQUESTS_PER_MESSAGE);
    DistributorMessage.Builder message = DistributorMessage.newBuilder();
    long bytes = 0;
    long now = System.nanoTime();
    while (message.getRequestsCount() < room && bytes < MAX_BYTES_PER_MESSAGE) {
      EnrichmentTask task = queue.poll(session.enrichers());
      if (task == null) {
        break;
      }
      leases.give(task, session, now);
      bytes += task.sizeBytes();
      message.addRequests(
          EnrichmentRequest.newBuilder()
              .setId(task.id())
              .setEnricher(task.enricher())
              .setInput(task.input()));
    }
    if (message.getRequestsCount() == 0) {
      return false;
    }
    try {
      session.send(message.build());
    } catch (RuntimeException e) {
      // Cancelled in this moment; its leases come back with the event that says so.
      LOG.debug("A worker's stream broke while it was written: {}", e.getMessage());
      left(session);
    }
    return true;
  }

  /** Our thread: back to the head of the queue, unless it has cost too many workers already. */
  private void lost(EnrichmentTask task) {
    if (task.isDecided()) {
      return;
    }
    if (task.loseLease() < maxLeases) {
      metrics.returned();
      queue.giveBack(task);
      return;
    }
    tasks.decide(
        task,
        Enrichment.newBuilder()
            .setName(task.enricher())
            .setStatus(Enrichment.Status.STATUS_FAILED)
            .setReason("worker_lost")
            .build());
  }
}
