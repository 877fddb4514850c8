package io.thunderhead.serving.feed;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long the last few thousand requests took, for a page that shows it live. Slots are written
 * round-robin by any thread, second and duration in one word, so a reader never sees half of one.
 */
final class RecentLatencies {
  private static final int SLOTS = 4096;
  private static final long WINDOW_SECONDS = 10;
  private static final int DURATION_BITS = 36; // Up to 68 s in nanoseconds.

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
  private final AtomicInteger next = new AtomicInteger();
  private final long originNs = System.nanoTime();

  void add(long durationNs) {
    long duration = Math.clamp(durationNs, 1, (1L << DURATION_BITS) - 1);
    slots.setRelease(
        next.getAndIncrement() & (SLOTS - 1), nowSeconds() << DURATION_BITS | duration);
  }

  FeedLatency recent() {
    long oldest = nowSeconds() - WINDOW_SECONDS;
    long[] durations = new long[SLOTS];
    int count = 0;
    for (int i = 0; i < SLOTS; i++) {
      long slot = slots.getAcquire(i);
      if (slot != 0 && slot >>> DURATION_BITS >= oldest) {
        durations[count++] = slot & ((1L << DURATION_BITS) - 1);
      }
    }
    Arrays.sort(durations, 0, count);
    return new FeedLatency(count, at(durations, count, 50), at(durations, count, 99));
  }

  private static double at(long[] sorted, int count, int percent) {
    return count == 0 ? 0 : sorted[(int) ((long) (count - 1) * percent / 100)] / 1e6;
  }

  /** From 1, so that a written slot is never 0. */
  private long nowSeconds() {
    return 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - originNs);
  }
}
