package io.thunderhead.pipeline.enrich.distribute;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which worker has which task, and until when. All leases are equally long, so they end in the
 * order in which they were given. Given and ended by the dispatcher's thread; taken off by any.
 */
final class Leases {
  /** Ended leases that stay in the order before it is cleared of them. */
  private static final int SLACK = 1024;

  private final long leaseNanos;
  private final Map<Long, Lease> held = new ConcurrentHashMap<>();

  /** The dispatcher's thread only; some have ended long ago. */
  private final ArrayDeque<Lease> inOrder = new ArrayDeque<>();

  /** One task at one worker. */
  record Lease(EnrichmentTask task, WorkerSession session, long untilNanos) {}

  Leases(long leaseNanos) {
    this.leaseNanos = leaseNanos;
  }

  void give(EnrichmentTask task, WorkerSession session, long nowNanos) {
    Lease lease = new Lease(task, session, nowNanos + leaseNanos);
    held.put(task.id(), lease);
    inOrder.addLast(lease);
    if (inOrder.size() > 2 * held.size() + SLACK) {
      inOrder.removeIf(one -> !isHeld(one));
    }
  }

  /** Ends the lease that a worker has on a task; null if it has none (any more). */
  @Nullable EnrichmentTask take(long id, WorkerSession session) {
    Lease lease = held.get(id);
    return lease != null && lease.session() == session && held.remove(id, lease)
        ? lease.task()
        : null;
  }

  /** Ends those whose time is over. */
  List<EnrichmentTask> takeExpired(long nowNanos) {
    List<EnrichmentTask> expired = new ArrayList<>();
    for (Lease first = inOrder.peekFirst();
        first != null && (!isHeld(first) || first.untilNanos() - nowNanos <= 0);
        first = inOrder.peekFirst()) {
      inOrder.removeFirst();
      if (held.remove(first.task().id(), first)) {
        expired.add(first.task());
      }
    }
    return expired;
  }

  /** Ends all that a worker has; it is gone. */
  List<EnrichmentTask> takeAllOf(WorkerSession session) {
    List<EnrichmentTask> taken = new ArrayList<>();
    for (Lease lease : List.copyOf(held.values())) {
      if (lease.session() == session && held.remove(lease.task().id(), lease)) {
        taken.add(lease.task());
      }
    }
    return taken;
  }

  int size() {
    return held.size();
  }

  @SuppressWarnings("ReferenceEquality") // This lease, not one like it.
  private boolean isHeld(Lease lease) {
    return held.get(lease.task().id()) == lease;
  }
}
