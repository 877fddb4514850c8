package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.pipeline.edge.spool.Spool;
import io.thunderhead.pipeline.edge.spool.SpoolStats;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is taken in and not yet safe, in order, and the decision whether it goes straight to Kafka
 * or over the spool.
 *
 * <pre>
 *   straight:  intake ─▶ unsent ─▶ sent ─▶ acknowledged, settled
 *   spooling:  intake ─▶ spool ─▶ synced, settled
 *                          └─▶ sent ─▶ acknowledged, released       (the sender, oldest first)
 * </pre>
 *
 * <ul>
 *   <li>Straight turns into spooling when the oldest batch has waited for too long, or when the
 *       window is full and the source is live. Everything not acknowledged goes into the spool
 *       first, in order, and the sender's producer is given up.
 *   <li>Spooling turns into straight when the sender makes progress and little is left in the
 *       spool; what is left there still goes first.
 *   <li>Batches settle in the order in which they were offered.
 * </ul>
 *
 * The intake's thread offers and ticks, the sender's takes and reaps; Kafka's only signals.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final long SYNC_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long SYNC_BYTES = 4L << 20;
  private static final long FULL_WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RECENT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long NEARLY_DRAINED_BYTES = 1L << 20;
  private static final long SAVE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int SPOOL_BATCH_EVENTS = 512;
  private static final long WAIT_MS = 10;
  private static final long RETRY_MS = 100;

  private final EdgeConfig config;
  private final boolean live;
  private final int connections;
  private final @Nullable Spool spool;
  private final Consumer<Batch> settled;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below: guarded by the lock, but for the volatile ones.
  private final ArrayDeque<Batch> unsent = new ArrayDeque<>();
  private final ArrayDeque<Batch> sent = new ArrayDeque<>();
  private final ArrayDeque<Batch> toAppend = new ArrayDeque<>();
  private final ArrayDeque<Batch> toSync = new ArrayDeque<>();
  private long windowBytes;
  private long unsyncedBytes;
  private long unsyncedSinceNs;
  private long windowFullSinceNs;
  private long lastAcknowledgedNs;
  private long savedNs;
  private boolean releasedSinceSave;
  private long generation;
  private long spooledEvents;
  private long resentEvents;
  private long spoolingSinceNs;

  private volatile boolean spooling;
  private volatile @Nullable String spoolProblem;
  private final LongAdder publishedEvents = new LongAdder();
  private volatile boolean stopping;
  private volatile long giveUpAtNs;

  Outbox(
      EdgeConfig config,
      boolean live,
      int connections,
      @Nullable Spool spool,
      Consumer<Batch> settled) {
    this.config = config;
    this.live = live;
    this.connections = connections;
    this.spool = spool;
    this.settled = settled;
    if (spool != null && !spool.allRead()) {
      spooling = true;
      spoolingSinceNs = System.nanoTime();
      LOG.info("The spool still holds {} events; they go first", spool.stats().entries());
    }
  }

  /** An empty batch for the intake. */
  Batch newBatch() {
    return new Batch(connections, this::signal);
  }

  /** Takes a batch over; waits while there is room for it nowhere. The intake's thread. */
  void offer(Batch batch) throws InterruptedException {
    batch.offeredNs = System.nanoTime();
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = System.nanoTime();
        tick(now);
        if (spooling && nearlyDrained(now)) {
          leaveSpooling(now);
        }
        if (!spooling) {
          if ((sent.isEmpty() && unsent.isEmpty())
              || windowBytes + batch.sizeBytes <= config.windowBytes()) {
            windowFullSinceNs = 0;
            unsent.add(batch);
            windowBytes += batch.sizeBytes;
            changed.signalAll();
            return;
          }
          windowFullSinceNs = windowFullSinceNs == 0 ? now : windowFullSinceNs;
          boolean tooLong = live && now - windowFullSinceNs > FULL_WINDOW_NS;
          if (spool == null || !tooLong) {
            if (givenUp()) {
              return; // Never accepted: it is neither counted nor in its cursor.
            }
            changed.await(WAIT_MS, TimeUnit.MILLISECONDS);
            continue;
          }
          enterSpooling("it takes less than comes in", now);
        }
        toAppend.add(batch);
        while (!appendAll(System.nanoTime()) && !givenUp()) {
          changed.await(RETRY_MS, TimeUnit.MILLISECONDS);
          tick(System.nanoTime());
        }
        return;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does what is due: syncs the spool, or turns to it. The intake's thread, often. */
  void tick() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      tick(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private void tick(long now) {
    Spool open = spool;
    if (open == null) {
      return;
    }
    if (!spooling) {
      Batch oldest = oldestDirect();
      long limitNs = TimeUnit.MILLISECONDS.toNanos(config.spoolAfterMs());
      if (oldest != null && now - oldest.offeredNs > limitNs && !oldest.isAcknowledged()) {
        enterSpooling("nothing is acknowledged", now);
      }
    }
    appendAll(now);
    if (!toSync.isEmpty()
        && (stopping || unsyncedBytes >= SYNC_BYTES || now - unsyncedSinceNs >= SYNC_INTERVAL_NS)) {
      sync(open);
    }
    if (releasedSinceSave && now - savedNs >= SAVE_INTERVAL_NS) {
      savedNs = now;
      releasedSinceSave = false;
      try {
        open.saveReleased();
      } catch (IOException e) {
        LOG.debug("How far the spool is released could not be saved", e);
      }
    }
  }

  /** From a moment on, nothing waits for room any more; any thread. */
  void giveUpAt(long ns) {
    giveUpAtNs = ns;
    signal();
  }

  private boolean givenUp() {
    return giveUpAtNs != 0 && System.nanoTime() - giveUpAtNs >= 0;
  }

  /** Nothing new comes: what is left is to become safe soon. */
  void stop() {
    stopping = true;
    signal();
  }

  /** Whether everything offered is settled, and, if it is asked for, acknowledged by Kafka too. */
  boolean isSettled(boolean acknowledged) {
    lock.lock();
    try {
      boolean safe =
          unsent.isEmpty()
              && sent.stream().allMatch(batch -> batch.spoolEnd != null)
              && toAppend.isEmpty()
              && toSync.isEmpty();
      return safe && (!acknowledged || (sent.isEmpty() && (spool == null || spool.allRead())));
    } finally {
      lock.unlock();
    }
  }

  // The sender's side.

  /** Begins anew with another producer: whatever was sent and not acknowledged is sent again. */
  long restart() {
    lock.lock();
    try {
      ArrayDeque<Batch> again = new ArrayDeque<>();
      for (Batch batch : sent) {
        resentEvents += batch.events.size();
        if (batch.spoolEnd == null) {
          batch.reset();
          again.add(batch);
        } else {
          windowBytes -= batch.sizeBytes;
        }
      }
      again.addAll(unsent);
      sent.clear();
      unsent.clear();
      unsent.addAll(again);
      if (spool != null) {
        spool.rewind();
      }
      return ++generation;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the sender's producer is to be given up. */
  boolean isOutdated(long since) {
    lock.lock();
    try {
      return generation != since;
    } finally {
      lock.unlock();
    }
  }

  /** The next batch to send, in order; null if there is none in time. */
  @Nullable Batch next(long since, long waitNs) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (generation != since) {
        return null;
      }
      Batch batch = poll();
      if (batch == null && waitNs > 0) {
        long leftNs = waitNs;
        while (batch == null && leftNs > 0 && generation == since) {
          leftNs = changed.awaitNanos(leftNs);
          batch = generation == since ? poll() : null;
          if (batch == null && !sent.isEmpty() && sent.getFirst().isAcknowledged()) {
            return null; // Something is to be reaped.
          }
        }
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Batch poll() throws IOException {
    if (sentBytes() >= config.windowBytes()) {
      return null;
    }
    Spool open = spool;
    if (open != null && !open.allRead()) {
      Batch batch = newBatch();
      while (batch.events.size() < SPOOL_BATCH_EVENTS && batch.sizeBytes < SYNC_BYTES) {
        byte[] entry = open.read();
        if (entry == null) {
          break;
        }
        batch.add(OutboundEvent.fromSpool(entry));
      }
      if (batch.events.isEmpty()) {
        return null; // What is left is not synced yet.
      }
      batch.spoolEnd = open.readUpTo();
      batch.offeredNs = System.nanoTime();
      windowBytes += batch.sizeBytes;
      sent.add(batch);
      return batch;
    }
    Batch batch = unsent.poll();
    if (batch != null) {
      sent.add(batch);
    }
    return batch;
  }

  /** Settles and releases what is acknowledged. */
  void reap() throws IOException {
    lock.lock();
    try {
      boolean any = false;
      while (!sent.isEmpty() && sent.getFirst().isAcknowledged()) {
        Batch done = sent.remove();
        any = true;
        windowBytes -= done.sizeBytes;
        publishedEvents.add(done.events.size());
        done.counts.refusedByTopic(done.refused);
        if (done.spoolEnd == null) {
          settled.accept(done);
        } else if (spool != null) {
          spool.release(done.spoolEnd, done.events.size());
          releasedSinceSave = true;
          if (done.refused > 0) {
            settled.accept(done); // All else of it was settled when it was synced.
          }
        }
      }
      if (any) {
        lastAcknowledgedNs = System.nanoTime();
        changed.signalAll();
      }
      // A quiet source brings no event that would notice that the spool is empty again.
      if (spooling
          && spool != null
          && spool.allRead()
          && sent.isEmpty()
          && toAppend.isEmpty()
          && toSync.isEmpty()) {
        leaveSpooling(System.nanoTime());
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long sentBytes() {
    long bytes = windowBytes;
    for (Batch batch : unsent) {
      bytes -= batch.sizeBytes;
    }
    return bytes;
  }

  private @Nullable Batch oldestDirect() {
    for (Batch batch : sent) {
      if (batch.spoolEnd == null) {
        return batch;
      }
    }
    return unsent.peek();
  }

  private void enterSpooling(String why, long now) {
    spooling = true;
    spoolingSinceNs = now;
    windowFullSinceNs = 0;
    LOG.warn("Kafka is away or slow ({}): spooling to {}", why, config.spoolDir());
    for (Batch batch : sent) {
      if (batch.spoolEnd == null) {
        toAppend.add(batch);
        resentEvents += batch.events.size();
      }
      windowBytes -= batch.sizeBytes;
    }
    for (Batch batch : unsent) {
      toAppend.add(batch);
      windowBytes -= batch.sizeBytes;
    }
    sent.clear();
    unsent.clear();
    if (spool != null) {
      spool.rewind();
    }
    generation++;
    changed.signalAll();
  }

  private boolean nearlyDrained(long now) {
    Batch oldest = sent.peek();
    return spool != null
        && toAppend.isEmpty()
        && now - lastAcknowledgedNs < RECENT_NS
        && (oldest == null || now - oldest.offeredNs < RECENT_NS)
        && spool.stats().unreadBytes() < NEARLY_DRAINED_BYTES;
  }

  private void leaveSpooling(long now) {
    spooling = false;
    LOG.info(
        "Kafka takes events again: the spool is drained after {} s, {} events went over it",
        TimeUnit.NANOSECONDS.toSeconds(now - spoolingSinceNs),
        spooledEvents);
  }

  /** Appends what waits, in order; returns whether nothing waits any more. */
  private boolean appendAll(long now) {
    Spool open = spool;
    while (!toAppend.isEmpty()) {
      Batch batch = toAppend.getFirst();
      try {
        while (batch.spooled < batch.events.size()) {
          byte[] entry = batch.events.get(batch.spooled).toSpool();
          if (open == null || !open.append(entry, 0, entry.length)) {
            if (open != null && !toSync.isEmpty()) {
              sync(open);
            }
            problem("the spool is full (" + config.spoolBytes() + " bytes)");
            return false;
          }
          batch.spooled++;
          spooledEvents++;
          if (unsyncedBytes == 0) {
            unsyncedSinceNs = now;
          }
          unsyncedBytes += entry.length;
        }
      } catch (IOException e) {
        problem("the spool can't be written: " + e.getMessage());
        return false;
      }
      if (toSync.isEmpty()) {
        unsyncedSinceNs = now;
      }
      toSync.add(toAppend.remove());
    }
    if (spoolProblem != null && spooling && toSync.isEmpty()) {
      spoolProblem = null;
    }
    return true;
  }

  private void sync(Spool open) {
    try {
      open.sync();
    } catch (IOException e) {
      problem("the spool can't be written: " + e.getMessage());
      return;
    }
    unsyncedBytes = 0;
    toSync.forEach(settled);
    toSync.clear();
    if (toAppend.isEmpty() && spoolProblem != null) {
      spoolProblem = null;
      LOG.info("The spool has room again: reading goes on");
    }
    changed.signalAll();
  }

  private void problem(String what) {
    if (spoolProblem == null) {
      LOG.warn("Reading stops: {}", what);
    }
    spoolProblem = what;
  }

  // What metrics and health ask for; any thread.

  boolean isSpooling() {
    return spooling;
  }

  @Nullable String spoolProblem() {
    return spoolProblem;
  }

  long publishedEvents() {
    return publishedEvents.sum();
  }

  long spooledEvents() {
    lock.lock();
    try {
      return spooledEvents;
    } finally {
      lock.unlock();
    }
  }

  /** Events that were with a producer when it was given up: Kafka may have them twice. */
  long resentEvents() {
    lock.lock();
    try {
      return resentEvents;
    } finally {
      lock.unlock();
    }
  }

  long windowBytes() {
    lock.lock();
    try {
      return windowBytes;
    } finally {
      lock.unlock();
    }
  }

  @Nullable SpoolStats spoolStats() {
    return spool == null ? null : spool.stats();
  }
}
