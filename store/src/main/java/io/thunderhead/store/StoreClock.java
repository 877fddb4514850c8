package io.thunderhead.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The store's time: the latest that any writer has told, so that the horizon of the retention only
 * ever moves forward, whatever order the threads' clocks come in.
 *
 * <p>The horizon may lie later than the retention says: when the memory budget has made the oldest
 * posts leave before their time. It stays where it was put, and the window is whole again once the
 * retention has caught up with it.
 */
final class StoreClock {
  private final long retentionSeconds;
  private final AtomicLong latest = new AtomicLong();
  private final AtomicLong evictedBefore = new AtomicLong();

  StoreClock(long retentionSeconds) {
    this.retentionSeconds = retentionSeconds;
  }

  /** Takes a writer's time into account; the store's time from now on. */
  long advance(long nowSeconds) {
    long seen = latest.get();
    while (seen < nowSeconds) {
      if (latest.compareAndSet(seen, nowSeconds)) {
        return nowSeconds;
      }
      seen = latest.get();
    }
    return seen;
  }

  /** What is created before this is not held any more at the store's time. */
  long horizon() {
    return horizon(0);
  }

  /** The horizon of a reader, whose time may be ahead of the store's. */
  long horizon(long nowSeconds) {
    return Math.max(evictedBefore.get(), retentionHorizon(nowSeconds));
  }

  /** What is created before this is past the retention, whatever the budget says. */
  long retentionHorizon(long nowSeconds) {
    return Math.max(latest.get(), nowSeconds) - retentionSeconds;
  }

  /** Whether posts within the retention are missing because the budget has evicted them. */
  boolean isWindowShort(long nowSeconds) {
    return evictedBefore.get() > retentionHorizon(nowSeconds);
  }

  /** Gives up everything created before, within the retention or not. */
  void evictBefore(long createdSeconds) {
    evictedBefore.accumulateAndGet(createdSeconds, Math::max);
  }

  /** Everything created before this was given up; 0 if nothing was. */
  long evictedBefore() {
    return evictedBefore.get();
  }

  void clear() {
    latest.set(0);
    evictedBefore.set(0);
  }
}
