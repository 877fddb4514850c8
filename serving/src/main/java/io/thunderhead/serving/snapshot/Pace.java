package io.thunderhead.serving.snapshot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Spreads the writing of a snapshot over the time that it may take: short slices of work, and rests
 * between in which readers have the processors and their caches to themselves.
 *
 * <p>A slice is far shorter than a read, so that each read loses a little, none much. A walk that
 * is behind its time does not rest at all, and so never takes much longer than it would flat out.
 *
 * <pre>
 *   writing   ##......##......##......##      # 128 posts, some 30 us
 *   a read       [--------------]             slowed by two slices, not by a whole snapshot
 * </pre>
 */
final class Pace {
  private static final int SLICE_ITEMS = 128;

  /** A shorter rest is not worth the switch. */
  private static final long LEAST_REST_NS = TimeUnit.MICROSECONDS.toNanos(40);

  /** A small store need not take all the time that there is. */
  private static final long LONGEST_REST_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final double nsPerSlice;
  private final long startNs;
  private int items;
  private long slices;

  /**
   * Begins now.
   *
   * @param items how many there will be, about
   * @param budgetNs the time for all of them; 0: flat out
   */
  Pace(long items, long budgetNs) {
    nsPerSlice = (double) budgetNs * SLICE_ITEMS / Math.max(1, items);
    startNs = System.nanoTime();
  }

  /** After each item; rests at the end of a slice. */
  void step() {
    if (++items == SLICE_ITEMS) {
      items = 0;
      slices++;
      rest(restNs(System.nanoTime() - startNs));
    }
  }

  /** How long to rest when so much time has gone. */
  long restNs(long goneNs) {
    long earlyNs = (long) (slices * nsPerSlice) - goneNs;
    return earlyNs < LEAST_REST_NS ? 0 : Math.min(earlyNs, LONGEST_REST_NS);
  }

  private static void rest(long ns) {
    if (ns > 0) {
      LockSupport.parkNanos(ns);
    }
  }
}
