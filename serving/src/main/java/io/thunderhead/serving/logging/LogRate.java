package io.thunderhead.serving.logging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets through one log line per interval and counts the others. It limits a cause, not a text: each
 * cause has one of its own. Any thread.
 */
public final class LogRate {
  private static final long REFUSED = -1;

  private final long intervalNs;
  private final AtomicLong nextNs = new AtomicLong(System.nanoTime());
  private final AtomicLong suppressed = new AtomicLong();

  /** One line each {@code intervalSeconds}. */
  public LogRate(long intervalSeconds) {
    this.intervalNs = TimeUnit.SECONDS.toNanos(intervalSeconds);
  }

  /** How many lines were held back since the last, if this one may go out; else below zero. */
  public long admit() {
    long now = System.nanoTime();
    long next = nextNs.get();
    if (now - next < 0 || !nextNs.compareAndSet(next, now + intervalNs)) {
      suppressed.incrementAndGet();
      return REFUSED;
    }
    return suppressed.getAndSet(0);
  }
}
