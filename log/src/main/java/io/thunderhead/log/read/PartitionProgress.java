package io.thunderhead.log.read;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition is. Its reader's thread writes what was located and applied, the progress
 * monitor's thread what the broker says about the end; anyone reads.
 */
final class PartitionProgress {
  static final long UNKNOWN = -1;

  final int partition;

  /** Appeared while running: there is nothing older than this partition, so all of it is read. */
  final boolean added;

  private volatile long start = UNKNOWN;
  private volatile long target = UNKNOWN;
  private volatile long targetAskedMs;
  private volatile long applied = UNKNOWN;
  private volatile long end = UNKNOWN;
  private volatile long gapUntilMs;

  /** Of the last record below {@link #applied}, or of a later one. */
  private volatile int leaderEpoch = -1;

  /** Written under this, so that a request can't get lost between a look and an answer. */
  private volatile boolean rewindRequested;

  /** The applied offset is one of offsets that have started anew. Guarded by this. */
  private boolean unsettled;

  /** Where an earlier process stood when it was left, or null. */
  final @Nullable AppliedOffset resumed;

  /** Only rises; raised by the reader and by the monitor. */
  private final AtomicLong asOfMs;

  /** An end that is still to be reached and when it was asked for; the monitor's alone. */
  private long goalOffset = UNKNOWN;

  private long goalSentMs;

  PartitionProgress(int partition, boolean added, long asOfMs) {
    this(partition, added, asOfMs, null);
  }

  private PartitionProgress(
      int partition, boolean added, long asOfMs, @Nullable AppliedOffset resumed) {
    this.partition = partition;
    this.added = added;
    this.asOfMs = new AtomicLong(asOfMs);
    this.resumed = resumed;
    if (resumed != null) {
      gapUntilMs = resumed.gapUntilMs();
    }
  }

  /** One that an earlier process has read up to an offset. */
  static PartitionProgress resumed(AppliedOffset offset) {
    return new PartitionProgress(offset.partition(), false, 0, offset);
  }

  /** The reader: where it starts, and what it has to reach as asked for at {@code askedMs}. */
  synchronized void located(long start, long target, long askedMs) {
    // The target last, and none meanwhile: in no order of reads does the new one look reached by
    // what was applied of the old.
    this.target = UNKNOWN;
    this.start = start;
    this.applied = start;
    this.targetAskedMs = askedMs;
    this.target = target;
    this.leaderEpoch = -1;
    this.unsettled = rewindRequested;
  }

  /** The reader: everything below {@code offset} is applied. */
  void applied(long offset) {
    applied = offset;
  }

  /** The same, with the leader epoch of the last record below. */
  void applied(long offset, int epoch) {
    leaderEpoch = epoch; // First: with a later epoch an offset is no less true.
    applied = offset;
  }

  /** What a process that goes on from here has to know; null while that is not sure. */
  synchronized @Nullable AppliedOffset resumable() {
    long offset = applied;
    return offset == UNKNOWN || unsettled || rewindRequested
        ? null
        : new AppliedOffset(partition, offset, leaderEpoch, gapUntilMs);
  }

  /** The reader or the monitor: everything logged before {@code timeMs} is applied. */
  void freshAsOf(long timeMs) {
    asOfMs.accumulateAndGet(timeMs, Math::max);
  }

  /** The reader: events are missing that matter until {@code untilMs}. */
  void gapUntil(long untilMs) {
    gapUntilMs = Math.max(gapUntilMs, untilMs);
  }

  /** The offsets start anew; the reader takes it up with {@link #takeRewind}. */
  synchronized void requestRewind() {
    rewindRequested = true;
    unsettled = true;
  }

  synchronized boolean takeRewind() {
    if (!rewindRequested) {
      return false;
    }
    rewindRequested = false;
    return true;
  }

  /**
   * The monitor: the broker answered {@code answeredEnd} to a request sent at {@code sentMs},
   * before which {@code appliedBefore} was applied. What was logged before the request lies below
   * the answered end, so the partition is fresh as of then once that end is applied.
   */
  void ended(long answeredEnd, long sentMs, long appliedBefore) {
    end = answeredEnd;
    long now = applied;
    if (appliedBefore > answeredEnd && now > answeredEnd) {
      goalOffset = UNKNOWN;
      requestRewind();
      return;
    }
    if (now == UNKNOWN) {
      return;
    }
    if (now >= answeredEnd) {
      freshAsOf(sentMs);
      goalOffset = UNKNOWN;
      return;
    }
    if (goalOffset != UNKNOWN && now >= goalOffset) {
      freshAsOf(goalSentMs);
      goalOffset = UNKNOWN;
    }
    if (goalOffset > answeredEnd) {
      goalOffset = UNKNOWN; // Of offsets that have started anew; it may never be reached.
    }
    if (goalOffset == UNKNOWN) {
      goalOffset = answeredEnd;
      goalSentMs = sentMs;
    }
  }

  long applied() {
    return applied;
  }

  long target() {
    return target;
  }

  /**
   * Also without any answer to the monitor, what was there at start dates a caught-up partition.
   */
  long asOfMs() {
    return caughtUp() ? Math.max(asOfMs.get(), targetAskedMs) : asOfMs.get();
  }

  boolean caughtUp() {
    long goal = target;
    return goal != UNKNOWN && applied >= goal;
  }

  boolean gap(long nowMs) {
    return nowMs < gapUntilMs;
  }

  PartitionState state(long nowMs) {
    return new PartitionState(partition, start, target, applied, end, asOfMs(), gap(nowMs));
  }
}
