package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for workers: a bounded queue for each enricher, so that a slow one fills
 * its own, and a bound on the bytes of all. Nobody ever waits in front of it: a full one refuses,
 * and the poller pauses.
 *
 * <pre>
 *   language   returned ▷ fresh ▷ late     a request that came back goes first, a late one last
 *   urls       returned ▷ fresh ▷ late
 * </pre>
 *
 * Requests that came back are beyond the bound on the count: there are never more of them than
 * workers had credits. Tasks that were decided while they waited are dropped when they come to the
 * front.
 */
final class RequestQueue {
  private final Map<String, Lane> lanes = new TreeMap<>();
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();

  /** Which enricher comes first; the dispatcher's thread only. */
  private int turn;

  private record Lane(
      ConcurrentLinkedDeque<EnrichmentTask> returned,
      EnumMap<Priority, LinkedBlockingQueue<EnrichmentTask>> waiting) {
    LinkedBlockingQueue<EnrichmentTask> of(Priority priority) {
      LinkedBlockingQueue<EnrichmentTask> queue = waiting.get(priority);
      if (queue == null) {
        throw new IllegalStateException("no lane for " + priority);
      }
      return queue;
    }
  }

  /**
   * An empty queue.
   *
   * @param capacity requests of an enricher that wait at most, of each priority
   * @param maxBytes of all of them together; a larger one waits alone
   */
  RequestQueue(Collection<String> enrichers, int capacity, long maxBytes) {
    this.maxBytes = maxBytes;
    for (String enricher : enrichers) {
      EnumMap<Priority, LinkedBlockingQueue<EnrichmentTask>> waiting =
          new EnumMap<>(Priority.class);
      for (Priority priority : Priority.values()) {
        waiting.put(priority, new LinkedBlockingQueue<>(capacity));
      }
      lanes.put(enricher, new Lane(new ConcurrentLinkedDeque<>(), waiting));
    }
  }

  /** Takes all tasks of an activity or none; at most one of each enricher. */
  synchronized boolean offer(List<EnrichmentTask> tasks) {
    long added = 0;
    for (EnrichmentTask task : tasks) {
      LinkedBlockingQueue<EnrichmentTask> queue = lane(task.enricher()).of(task.priority());
      if (queue.remainingCapacity() == 0) {
        dropDecided(queue);
      }
      if (queue.remainingCapacity() == 0) {
        return false;
      }
      added += task.sizeBytes();
    }
    long now = bytes.get();
    if (now > 0 && now + added > maxBytes) {
      return false;
    }
    for (EnrichmentTask task : tasks) {
      bytes.addAndGet(task.sizeBytes());
      if (!lane(task.enricher()).of(task.priority()).offer(task)) {
        throw new IllegalStateException("only this method adds, and there was room");
      }
    }
    return true;
  }

  /** The next task for a worker that can do these; null if none waits. */
  @Nullable EnrichmentTask poll(Collection<String> enrichers) {
    for (Priority priority : Priority.values()) {
      for (String enricher : rotated(enrichers)) {
        Lane lane = lanes.get(enricher);
        if (lane == null) {
          continue;
        }
        EnrichmentTask task = next(lane, priority);
        if (task != null) {
          return task;
        }
      }
    }
    return null;
  }

  /** A lease ended without an outcome: to the head of its queue. */
  void giveBack(EnrichmentTask task) {
    bytes.addAndGet(task.sizeBytes());
    lane(task.enricher()).returned().addFirst(task);
  }

  /** Requests of an enricher that wait. */
  int size(String enricher) {
    Lane lane = lane(enricher);
    int size = lane.returned().size();
    for (LinkedBlockingQueue<EnrichmentTask> queue : lane.waiting().values()) {
      size += queue.size();
    }
    return size;
  }

  long sizeBytes() {
    return bytes.get();
  }

  private @Nullable EnrichmentTask next(Lane lane, Priority priority) {
    EnrichmentTask task;
    do {
      task = priority == Priority.FRESH ? lane.returned().poll() : null;
      if (task == null) {
        task = lane.of(priority).poll();
      }
      if (task == null) {
        return null;
      }
      bytes.addAndGet(-task.sizeBytes());
    } while (task.isDecided());
    return task;
  }

  private void dropDecided(LinkedBlockingQueue<EnrichmentTask> queue) {
    while (true) {
      EnrichmentTask first = queue.peek();
      if (first == null || !first.isDecided()) {
        return;
      }
      if (queue.remove(first)) {
        bytes.addAndGet(-first.sizeBytes());
      }
    }
  }

  /** The enrichers starting at another one each time, so that none comes always first. */
  private List<String> rotated(Collection<String> enrichers) {
    List<String> order = new ArrayList<>(enrichers);
    turn = (turn + 1) & 0xffff;
    Collections.rotate(order, turn % Math.max(1, order.size()));
    return order;
  }

  private Lane lane(String enricher) {
    Lane lane = lanes.get(enricher);
    if (lane == null) {
      throw new IllegalArgumentException("no such enricher: " + enricher);
    }
    return lane;
  }
}
