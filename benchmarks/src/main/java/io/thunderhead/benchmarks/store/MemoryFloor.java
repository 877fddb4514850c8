package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.workload.SplitMix;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.StoreStats;
import java.util.Arrays;

/**
 * The least that any store of this size does for a read: loads, independent of each other, of the
 * lines that it can't do without, at places as random as authors and posts are; the two id sets;
 * one sort; the copy of the answer. Measured in arrays as large as the store's own parts, in the
 * same run.
 *
 * <pre>
 *  a cell per follow                      of the author table
 *  3 lines per author who can matter      header and two stretches of entries
 *  a line per post of the answer          of the encoded posts, copied
 * </pre>
 */
final class MemoryFloor implements Reads {
  private static final int PLACES = 1 << 20;
  private static final int LINE = 8;
  private static final int POST = 7;

  private final long[] cells;
  private final long[] entries;
  private final long[] posts;
  private final int[] places = new int[PLACES];
  private final int authors;
  private final long[] answer = new long[1 << 16];
  private final long[] ids = new long[1 << 14];
  private int next;
  private long sum;

  MemoryFloor(StoreStats stats, int authorsThatMatter) {
    cells = lines(stats.authorBytes());
    entries = lines(stats.timelineBytes());
    posts = lines(stats.blockBytes());
    authors = authorsThatMatter;
    SplitMix random = new SplitMix(5);
    for (int i = 0; i < PLACES; i++) {
      places[i] = (int) (random.next() >>> 33);
    }
  }

  /** Touched, so that the pages are there. */
  private static long[] lines(long bytes) {
    long[] lines = new long[Math.clamp(bytes / 8, 1 << 12, Integer.MAX_VALUE - 64)];
    Arrays.fill(lines, 1);
    return lines;
  }

  @Override
  public int answer(ReadQuery query) {
    long found = 0;
    found += set(query.follows, query.followCount);
    found += set(query.excludes, query.excludeCount);
    for (int i = 0; i < query.followCount; i++) {
      found += cells[place(cells.length)];
    }
    for (int i = 0; i < authors; i++) {
      int at = place(entries.length - 3 * LINE);
      found += entries[at] + entries[at + LINE] + entries[at + 2 * LINE];
    }
    int to = 0;
    for (int i = 0; i < query.maxResults; i++) {
      System.arraycopy(posts, place(posts.length - LINE), answer, to, POST);
      to += POST;
    }
    for (int i = 0; i < query.maxResults; i++) {
      ids[i] = SplitMix.mix(found + i);
    }
    Arrays.sort(ids, 0, query.maxResults);
    sum += ids[0] + found;
    return to;
  }

  /** Keeps the loads from being thought useless. */
  long sum() {
    return sum;
  }

  private int set(long[] wanted, int count) {
    int size = Integer.highestOneBit(Math.max(8, count)) << 2;
    Arrays.fill(ids, 0, size, 0);
    int added = 0;
    for (int i = 0; i < count; i++) {
      int at = (int) ((wanted[i] * 0x9E3779B97F4A7C15L) >>> 40) & (size - 1);
      while (ids[at] != 0 && ids[at] != wanted[i]) {
        at = (at + 1) & (size - 1);
      }
      if (ids[at] == 0) {
        ids[at] = wanted[i];
        added++;
      }
    }
    return added;
  }

  /** A random place, begin of a line. */
  private int place(int length) {
    int drawn = places[next++ & (PLACES - 1)];
    return (int) (((drawn & 0x7FFF_FFFFL) * length) >>> 31) & -LINE;
  }
}
