package io.thunderhead.log.group;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one partition once a second for what no failure tells: a group that is stable and polls,
 * but commits nothing although there is something to commit, and lag that only grows. It is the
 * member's own, per partition, for a wedged member hides behind a healthy fleet in every sum.
 */
final class PartitionWatch {
  /** Lag is compared by its least value in each of these... */
  static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  /** ...and grows if it was higher so many times in a row. */
  static final int WINDOWS = 5;

  /** Less than this is no lag to speak of. */
  static final long LEAST_LAG = 1_000;

  private final long stallNanos;
  private long committed;
  private long movedNanos;
  private long lag;
  private long lookedNanos;

  private long windowStartNanos;
  private long windowLeast = Long.MAX_VALUE;
  private long lastLeast = Long.MAX_VALUE;
  private long risenFrom;
  private int risen;

  PartitionWatch(long committed, Duration stallLimit, long nowNanos) {
    this.stallNanos = stallLimit.toNanos();
    this.committed = committed;
    this.movedNanos = nowNanos;
    this.lookedNanos = nowNanos;
    this.windowStartNanos = nowNanos;
  }

  void look(long committedNow, long lagNow, long nowNanos) {
    if (committedNow != committed || lagNow == 0) {
      committed = committedNow;
      movedNanos = nowNanos;
    }
    lag = lagNow;
    lookedNanos = nowNanos;
    windowLeast = Math.min(windowLeast, lagNow);
    if (nowNanos - windowStartNanos >= WINDOW_NANOS) {
      endWindow(nowNanos);
    }
  }

  /** How long nothing has been committed although there was lag. */
  double stalledSeconds() {
    return (lookedNanos - movedNanos) / 1e9;
  }

  /** What is wrong with this partition, in words; null while nothing is. */
  @Nullable String problem() {
    if (lookedNanos - movedNanos >= stallNanos) {
      return "commits nothing since %.0f s, %d records behind".formatted(stalledSeconds(), lag);
    }
    return risen >= WINDOWS
        ? "falls behind: %d records since %d min ago, now %d"
            .formatted(risenFrom, risen * Duration.ofNanos(WINDOW_NANOS).toMinutes(), lag)
        : null;
  }

  private void endWindow(long nowNanos) {
    if (lastLeast != Long.MAX_VALUE && windowLeast > lastLeast && windowLeast >= LEAST_LAG) {
      risenFrom = risen == 0 ? lastLeast : risenFrom;
      risen++;
    } else {
      risen = 0;
    }
    lastLeast = windowLeast;
    windowLeast = Long.MAX_VALUE;
    windowStartNanos = nowNanos;
  }
}
