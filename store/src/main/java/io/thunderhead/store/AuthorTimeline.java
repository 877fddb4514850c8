package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Posts of one author and kind, kept in an array whose first word says which part of it is valid.
 * That word is the only one that changes for a reader: it is written last and read first, so one
 * load of it gives a consistent view for as long as the reader likes.
 *
 * <pre>
 *  word     0          1     2         3     4         5     6         7     8
 *         [ from 1     4102  08:01|s1  4110  08:03|s2  4217  08:09|s9  ─     ─     ]
 *           to 3       └ left: expired └ oldest        └ newest        └ room
 * </pre>
 *
 * <p>Entries are ordered by (created_at, post_id), oldest first, walked from the end. Two words per
 * original (id; created 32 | slot 32), three per reply, retweet and video (and a {@link Relation}).
 * A newer post is appended in place, the oldest is dropped in place; a post that arrives late or is
 * removed from the middle makes a new array, which replaces the old one in one store. Writers hold
 * the author's lock.
 */
final class AuthorTimeline {
  static final long[] EMPTY = {0};

  private static final VarHandle VIEW = MethodHandles.arrayElementVarHandle(long[].class);

  private AuthorTimeline() {}

  /** The valid part, as {@link #from} and {@link #to} tell. */
  static long view(long[] timeline) {
    return (long) VIEW.getAcquire(timeline, 0);
  }

  static int from(long view) {
    return (int) (view >>> 32);
  }

  static int to(long view) {
    return (int) view;
  }

  static int size(long[] timeline) {
    long view = view(timeline);
    return to(view) - from(view);
  }

  static long postId(long[] timeline, int width, int entry) {
    return timeline[1 + entry * width];
  }

  static long created(long[] timeline, int width, int entry) {
    return timeline[2 + entry * width] >>> 32;
  }

  static int slot(long[] timeline, int width, int entry) {
    return (int) timeline[2 + entry * width];
  }

  static long relation(long[] timeline, int entry) {
    return timeline[3 + entry * 3];
  }

  /** Creation of the newest, 0 when empty. */
  static long newest(long[] timeline, int width) {
    long view = view(timeline);
    return to(view) == from(view) ? 0 : created(timeline, width, to(view) - 1);
  }

  static long sizeBytes(long[] timeline) {
    return timeline.length == 1 ? 0 : 16 + 8L * timeline.length;
  }

  /** The entry of a post, or −(where it would be) − 1. */
  static int find(long[] timeline, int width, long created, long postId) {
    long view = view(timeline);
    int low = from(view);
    int high = to(view) - 1;
    if (high >= low && isBefore(timeline, width, high, created, postId)) {
      return -(high + 1) - 1;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (isBefore(timeline, width, middle, created, postId)) {
        low = middle + 1;
      } else if (postId(timeline, width, middle) == postId
          && created(timeline, width, middle) == created) {
        return middle;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** Adds a post, without the oldest one if asked so; the timeline to keep from now on. */
  static long[] insert(
      long[] timeline,
      int width,
      boolean dropOldest,
      long postId,
      long createdAndSlot,
      long relation) {
    long view = view(timeline);
    int from = from(view) + (dropOldest ? 1 : 0);
    int to = to(view);
    int at = Math.max(from, -find(timeline, width, createdAndSlot >>> 32, postId) - 1);
    if (at == to && 1 + (to + 1) * width <= timeline.length) {
      put(timeline, width, to, postId, createdAndSlot, relation);
      VIEW.setRelease(timeline, 0, view(from, to + 1));
      return timeline;
    }
    int size = to - from + 1;
    long[] fresh = new long[1 + capacity(size) * width];
    copy(timeline, from, fresh, 0, at - from, width);
    put(fresh, width, at - from, postId, createdAndSlot, relation);
    copy(timeline, at, fresh, at - from + 1, to - at, width);
    fresh[0] = view(0, size);
    return fresh;
  }

  /** Removes one entry; the timeline to keep from now on. */
  static long[] remove(long[] timeline, int width, int entry) {
    long view = view(timeline);
    int from = from(view);
    int to = to(view);
    if (entry == from) {
      return dropOldest(timeline, width, 1);
    }
    int size = to - from - 1;
    long[] fresh = new long[1 + capacity(size) * width];
    copy(timeline, from, fresh, 0, entry - from, width);
    copy(timeline, entry + 1, fresh, entry - from, to - entry - 1, width);
    fresh[0] = view(0, size);
    return fresh;
  }

  /** Drops this many entries from the old end; the timeline to keep from now on. */
  static long[] dropOldest(long[] timeline, int width, int count) {
    long view = view(timeline);
    int from = from(view) + count;
    int to = to(view);
    if (from == to) {
      return EMPTY;
    }
    if (count > 1 || from > to - from) {
      long[] fresh = new long[1 + capacity(to - from) * width];
      copy(timeline, from, fresh, 0, to - from, width);
      fresh[0] = view(0, to - from);
      return fresh;
    }
    VIEW.setRelease(timeline, 0, view(from, to));
    return timeline;
  }

  private static boolean isBefore(
      long[] timeline, int width, int entry, long created, long postId) {
    long other = created(timeline, width, entry);
    return other < created || (other == created && postId(timeline, width, entry) < postId);
  }

  private static int capacity(int size) {
    return size <= 4 ? size : size + size / 8 + 1;
  }

  private static long view(int from, int to) {
    return (long) from << 32 | to;
  }

  private static void put(
      long[] timeline, int width, int entry, long postId, long createdAndSlot, long relation) {
    int at = 1 + entry * width;
    timeline[at] = postId;
    timeline[at + 1] = createdAndSlot;
    if (width == 3) {
      timeline[at + 2] = relation;
    }
  }

  private static void copy(long[] source, int from, long[] target, int to, int count, int width) {
    System.arraycopy(source, 1 + from * width, target, 1 + to * width, count * width);
  }
}
