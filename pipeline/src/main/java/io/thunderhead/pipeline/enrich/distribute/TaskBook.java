package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Owner;
import io.thunderhead.pipeline.enrich.distribute.EnrichmentTask.Priority;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Every task that is not decided yet, by its id. Removing a task from here is what decides it, so
 * of a result, a second one and a giving up at the same moment exactly one counts. Ids start at
 * random, so that answers to an earlier life of the distributor are not taken for ours.
 */
final class TaskBook {
  private final Map<Long, EnrichmentTask> open = new ConcurrentHashMap<>();
  private final long firstId = new SecureRandom().nextLong() >>> 2;
  private final AtomicLong nextId = new AtomicLong(firstId);

  EnrichmentTask open(String enricher, Activity input, Priority priority, Owner owner) {
    EnrichmentTask task =
        new EnrichmentTask(nextId.getAndIncrement(), enricher, input, priority, owner);
    open.put(task.id(), task);
    return task;
  }

  @Nullable EnrichmentTask find(long id) {
    return open.get(id);
  }

  /** True if this was given out by us at some time. */
  boolean wasOurs(long id) {
    return id >= firstId && id < nextId.get();
  }

  /** Decides a task and tells its owner; false if it was decided before. */
  boolean decide(EnrichmentTask task, Enrichment enrichment) {
    if (!withdraw(task)) {
      return false;
    }
    task.owner().decided(task, enrichment);
    return true;
  }

  /** Decides a task that nobody waits for any more; false if it was decided before. */
  boolean withdraw(EnrichmentTask task) {
    if (!open.remove(task.id(), task)) {
      return false;
    }
    task.markDecided();
    return true;
  }

  int size() {
    return open.size();
  }
}
