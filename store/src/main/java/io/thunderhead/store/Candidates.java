package io.thunderhead.store;

import java.util.Arrays;

/**
 * Posts that a read may answer with, and their order: newest first by (created_at, post_id). Only
 * the newest are kept: once there are many more than wanted, the others leave, and the oldest that
 * stays is the bar for all to come.
 */
final class Candidates {
  /** Kept beyond what is wanted, for posts that turn out to have left when the answer is made. */
  private static final int SPARE = 32;

  /** Cutting costs a sort, so it has to throw away much more than it keeps. */
  private static final int CUT_FACTOR = 4;

  private static final int LEAST_CUT = 2048;
  private static final int[] GAPS = {1750, 701, 301, 132, 57, 23, 10, 4, 1};

  final ReadStatistics statistics = new ReadStatistics();

  private long[] postIds = new long[1024];
  private int[] slots = new int[1024];

  /** The author's place in the list of followed authors. */
  private int[] authors = new int[1024];

  /** Creation after the base 32 | place in the arrays above 32. */
  private long[] order = new long[1024];

  private long[] sorted = new long[1024];
  private final int[] counts = new int[256];

  private long base;
  private int size;
  private int keep;
  private int cutAt;
  private long barCreated;
  private long barId;
  private int lastAuthor;

  /** Empties it for a read that wants so many; no post to come was created before the base. */
  void reset(long baseSeconds, int wanted) {
    base = baseSeconds;
    size = 0;
    keep = wanted + SPARE;
    cutAt = Math.max(LEAST_CUT, CUT_FACTOR * keep);
    barCreated = baseSeconds;
    barId = 0;
    lastAuthor = -1;
    statistics.clear();
  }

  /** Adds a post; those of one author come together. */
  void add(long postId, long created, int slot, int author, boolean reply) {
    if (size == postIds.length) {
      grow();
    }
    postIds[size] = postId;
    slots[size] = slot;
    authors[size] = author;
    order[size] = (created - base) << 32 | size;
    size++;
    statistics.add(created, reply);
    if (author != lastAuthor) {
      lastAuthor = author;
      statistics.countAuthor();
    }
    if (size == cutAt) {
      cut();
    }
  }

  /** Whether a post is too old to be among the newest, and with it all older ones. */
  boolean isBelowBar(long created, long postId) {
    return created < barCreated || (created == barCreated && postId < barId);
  }

  /** How many posts were added, those that were thrown away again among them. */
  int added() {
    return statistics.posts();
  }

  int size() {
    return size;
  }

  /** Puts the newest so many into order; then {@link #ranked} tells them. */
  void sort(int wanted) {
    sortByAge();
    int end = size;
    while (end > 0 && size - end < wanted) {
      int begin = end - 1;
      long created = order[begin] >>> 32;
      while (begin > 0 && order[begin - 1] >>> 32 == created) {
        begin--;
      }
      if (end - begin > 1) {
        sortById(begin, end);
      }
      end = begin;
    }
  }

  /** The place of the post of a rank, 0 the newest; to be given to the accessors below. */
  int ranked(int rank) {
    return (int) order[size - 1 - rank];
  }

  long postId(int place) {
    return postIds[place];
  }

  int slot(int place) {
    return slots[place];
  }

  int author(int place) {
    return authors[place];
  }

  /** Whether the id of this place stands at another one too. */
  boolean hasOther(int place) {
    for (int rank = 0; rank < size; rank++) {
      int other = ranked(rank);
      if (postIds[other] == postIds[place] && other != place) {
        return true;
      }
    }
    return false;
  }

  private void cut() {
    sort(keep);
    System.arraycopy(order, size - keep, order, 0, keep);
    // Places are moved in their own order, so that none is overwritten before it was moved.
    for (int i = 0; i < keep; i++) {
      order[i] = order[i] << 32 | order[i] >>> 32;
    }
    Arrays.sort(order, 0, keep);
    barCreated = Long.MAX_VALUE;
    for (int to = 0; to < keep; to++) {
      int from = (int) (order[to] >>> 32);
      long age = order[to] & 0xFFFF_FFFFL;
      postIds[to] = postIds[from];
      slots[to] = slots[from];
      authors[to] = authors[from];
      order[to] = age << 32 | to;
      long created = base + age;
      if (created < barCreated || (created == barCreated && postIds[to] < barId)) {
        barCreated = created;
        barId = postIds[to];
      }
    }
    size = keep;
  }

  /**
   * By one byte of the age after the other, as ages are small numbers: candidates lie between the
   * oldest creation that a read looks at and now.
   */
  private void sortByAge() {
    long all = 0;
    for (int i = 0; i < size; i++) {
      all |= order[i];
    }
    for (int shift = 32; shift < Long.SIZE && all >>> shift != 0; shift += 8) {
      Arrays.fill(counts, 0);
      for (int i = 0; i < size; i++) {
        counts[(int) (order[i] >>> shift) & 255]++;
      }
      int begin = 0;
      for (int digit = 0; digit < counts.length; digit++) {
        int count = counts[digit];
        counts[digit] = begin;
        begin += count;
      }
      for (int i = 0; i < size; i++) {
        sorted[counts[(int) (order[i] >>> shift) & 255]++] = order[i];
      }
      long[] swap = order;
      order = sorted;
      sorted = swap;
    }
  }

  private void sortById(int begin, int end) {
    for (int gap : GAPS) {
      for (int i = begin + gap; i < end; i++) {
        long moved = order[i];
        long id = postIds[(int) moved];
        int j = i;
        while (j >= begin + gap && postIds[(int) order[j - gap]] > id) {
          order[j] = order[j - gap];
          j -= gap;
        }
        order[j] = moved;
      }
    }
  }

  private void grow() {
    int capacity = size * 2;
    postIds = Arrays.copyOf(postIds, capacity);
    slots = Arrays.copyOf(slots, capacity);
    authors = Arrays.copyOf(authors, capacity);
    order = Arrays.copyOf(order, capacity);
    sorted = new long[capacity];
  }
}
