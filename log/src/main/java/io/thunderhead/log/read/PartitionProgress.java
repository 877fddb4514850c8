package io.thunderhead.log.read;

import java.util.concurrent.atomic.AtomicLong;

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
  private volatile boolean rewindRequested;

  /** Only rises; raised by the reader and by the monitor. */
  private final AtomicLong asOfMs;

  /** An end that is still to be reached and when it was asked for; the monitor's alone. */
  private long goalOffset = UNKNOWN;

  private long goalSentMs;

  PartitionProgress(int partition, boolean added, long asOfMs) {
    this.partition = partition;
    this.added = added;
    this.asOfMs = new AtomicLong(asOfMs);
  }

  /** The reader: where it starts, and what it has to reach as asked for at {@code askedMs}. */
  void located(long start, long target, long askedMs) {
    // The target last, and none meanwhile: in no order of reads does the new one look reached by
    // what was applied of the old.
    this.target = UNKNOWN;
    this.start = start;
    this.applied = start;
    this.targetAskedMs = askedMs;
    this.target = target;
  }

  /** The reader: everything below {@code offset} is applied. */
  void applied(long offset) {
    applied = offset;
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
  void requestRewind() {
    rewindRequested = true;
  }

  boolean takeRewind() {
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
