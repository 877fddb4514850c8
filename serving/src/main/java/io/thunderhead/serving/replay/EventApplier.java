package io.thunderhead.serving.replay;

import io.thunderhead.log.read.EventBatch;
import io.thunderhead.log.read.EventHandler;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.serving.logging.LogRate;
import io.thunderhead.store.PostStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches to the store. Once the node serves, only so many batches are applied at the same
 * time, so that reads keep the processors; a batch that has grown older than a second goes on
 * without a permit, because lag must not grow without end.
 */
final class EventApplier implements EventHandler {
  private static final Logger LOG = LoggerFactory.getLogger(EventApplier.class);
  private static final long LONGEST_WAIT_MS = 1_000;

  private final PostStore store;
  private final InstantSource clock;
  private final Semaphore permits;
  private final BooleanSupplier serving;
  private final OutcomeCounters counters;
  private final ReplayMetrics metrics;
  private final LogRate badEvents = new LogRate(10);

  /** A partition has one reader at a time, so what is inside needs no guard of its own. */
  private final Map<Integer, PartitionApplier> partitions = new ConcurrentHashMap<>();

  EventApplier(
      PostStore store,
      InstantSource clock,
      Semaphore permits,
      BooleanSupplier serving,
      OutcomeCounters counters,
      ReplayMetrics metrics) {
    this.store = store;
    this.clock = clock;
    this.permits = permits;
    this.serving = serving;
    this.counters = counters;
    this.metrics = metrics;
  }

  @Override
  public void apply(int partition, EventBatch batch) throws InterruptedException {
    PartitionApplier applier =
        partitions.computeIfAbsent(partition, p -> new PartitionApplier(store, counters));
    boolean live = serving.getAsBoolean();
    boolean permitted = live && acquire(batch);
    long startNs = System.nanoTime();
    try {
      applier.apply(batch, clock, this::bad);
      metrics.batchTook(System.nanoTime() - startNs);
    } finally {
      if (permitted) {
        permits.release();
      }
    }
    if (live) {
      long nowMs = clock.millis();
      metrics.applied(
          (nowMs - batch.firstRecordTimestampMs()) / 1e3,
          applier.lastCreatedAt() == 0 ? 0 : nowMs / 1e3 - applier.lastCreatedAt());
    }
  }

  private boolean acquire(EventBatch batch) throws InterruptedException {
    if (permits.tryAcquire()) {
      return true;
    }
    long ageMs = clock.millis() - batch.firstRecordTimestampMs();
    long waitMs = Math.clamp(LONGEST_WAIT_MS - ageMs, 0, LONGEST_WAIT_MS);
    boolean acquired = waitMs > 0 && permits.tryAcquire(waitMs, TimeUnit.MILLISECONDS);
    if (!acquired) {
      metrics.withoutPermit();
    }
    return acquired;
  }

  /** The event costs only itself; where it stands is told, never what it holds. */
  private void bad(EventBatch batch, RejectReason reason) {
    long suppressed = badEvents.admit();
    if (suppressed >= 0) {
      LOG.info(
          "Partition {} offset {} index {}: {} ({} bytes); {} such lines left out before",
          batch.partition(),
          batch.recordOffset(),
          batch.recordIndex(),
          reason.label(),
          batch.length(),
          suppressed);
    }
  }

  /** Told of each event that can't be used. */
  interface BadEvents {
    void bad(EventBatch batch, RejectReason reason);
  }
}
