package io.thunderhead.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The store's time: the latest that any writer has told, so that the horizon of the retention only
 * ever moves forward, whatever order the threads' clocks come in.
 */
final class StoreClock {
  private final long retentionSeconds;
  private final AtomicLong latest = new AtomicLong();

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

  /** What is created before this is past the retention at the store's time. */
  long horizon() {
    return latest.get() - retentionSeconds;
  }

  /** The horizon of a reader, whose time may be ahead of the store's. */
  long horizon(long nowSeconds) {
    return Math.max(latest.get(), nowSeconds) - retentionSeconds;
  }

  void clear() {
    latest.set(0);
  }
}
