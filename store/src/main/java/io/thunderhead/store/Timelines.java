package io.thunderhead.store;

/**
 * Lists of posts of one author and kind. One word tells where a list is and which part of it is
 * valid. That word, in the author's header, is the only one that changes for a reader: it is
 * written last and read first, so one load of it gives a consistent view for as long as the read
 * lasts.
 *
 * <pre>
 *  place 32 | from 16 | to 16
 *      │        1        3
 *      └▶ [ 4102  08:01|s1 ][ 4110  08:03|s2 ][ 4217  08:09|s9 ][ ─     ─ ]
 *           └ left: expired   └ oldest          └ newest          └ room
 * </pre>
 *
 * <p>Entries are ordered by (created_at, post_id), oldest first, walked from the end. Two words per
 * original (id; created 32 | slot 32), three per reply, retweet and video (and a {@link Relation}).
 * A newer post is appended in place, the oldest is dropped in place; a post that arrives late or is
 * removed from the middle makes a new list, and the old one waits in {@link Limbo} until its
 * readers are done.
 *
 * <p>What changes a list is called under the writers' lock, returns the word to keep from now on,
 * and leaves it to its caller to tell the header, and then to give the old place back.
 */
final class Timelines {
  static final long EMPTY = 0;

  /** Kinds of lists. */
  static final int ORIGINALS = 0;

  static final int SECONDARY = 1;
  static final int VIDEOS = 2;
  static final int KINDS = 3;

  private static final int MAX_TO = 0xFFFF;

  private final EntrySpace space;

  Timelines(EntrySpace space) {
    this.space = space;
  }

  /** Words of an entry. */
  static int width(int kind) {
    return kind == ORIGINALS ? 2 : 3;
  }

  /** The list that a post of these flags belongs to, apart from that of videos. */
  static int kind(int flags) {
    return (flags & (PostBlock.REPLY | PostBlock.RETWEET)) == 0 ? ORIGINALS : SECONDARY;
  }

  /** Whether a post of these flags belongs to the videos. */
  static boolean isVideo(int flags) {
    return (flags & (PostBlock.VIDEO | PostBlock.REPLY)) == PostBlock.VIDEO;
  }

  static int place(long list) {
    return (int) (list >>> 32);
  }

  static int from(long list) {
    return (int) (list >>> 16) & MAX_TO;
  }

  static int to(long list) {
    return (int) list & MAX_TO;
  }

  static int size(long list) {
    return to(list) - from(list);
  }

  /** The array that a list's entries are in. Any thread, within its epoch. */
  long[] words(long list) {
    return space.words(place(list));
  }

  /** Where in its array an entry is; then see the three below. */
  static int at(long list, int width, int entry) {
    return EntrySpace.offset(place(list)) + entry * width;
  }

  static long postId(long[] words, int at) {
    return words[at];
  }

  static long created(long[] words, int at) {
    return words[at + 1] >>> 32;
  }

  static int slot(long[] words, int at) {
    return (int) words[at + 1];
  }

  static long relation(long[] words, int at) {
    return words[at + 2];
  }

  static void setRelation(long[] words, int at, long relation) {
    words[at + 2] = relation;
  }

  /** Creation of the newest, 0 when empty. Any thread. */
  long newest(long list, int width) {
    return size(list) == 0 ? 0 : created(words(list), at(list, width, to(list) - 1));
  }

  /** The entry of a post, or −(where it would be) − 1. */
  int find(long list, int width, long created, long postId) {
    int low = from(list);
    int high = to(list) - 1;
    if (high < low) {
      return -low - 1;
    }
    long[] words = words(list);
    if (isBefore(words, at(list, width, high), created, postId)) {
      return -(high + 1) - 1;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int at = at(list, width, middle);
      if (isBefore(words, at, created, postId)) {
        low = middle + 1;
      } else if (postId(words, at) == postId && created(words, at) == created) {
        return middle;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** Whether one more entry fits in behind the newest. */
  boolean hasRoom(long list, int width) {
    int to = to(list);
    return to < MAX_TO && (to + 1) * width <= space.capacity(place(list));
  }

  /** Adds a post, without the oldest one if asked so. */
  long insert(
      long list, int width, boolean dropOldest, long postId, long createdAndSlot, long relation) {
    int from = from(list) + (dropOldest ? 1 : 0);
    int to = to(list);
    int at = Math.max(from, -find(list, width, createdAndSlot >>> 32, postId) - 1);
    if (at == to && hasRoom(list, width)) {
      put(words(list), at(list, width, to), width, postId, createdAndSlot, relation);
      return list(place(list), from, to + 1);
    }
    long fresh = allocate(to - from + 1, width);
    copy(list, from, at - from, fresh, 0, width);
    put(words(fresh), at(fresh, width, at - from), width, postId, createdAndSlot, relation);
    copy(list, at, to - at, fresh, at - from + 1, width);
    return fresh;
  }

  /** Removes one entry. */
  long remove(long list, int width, int entry) {
    int from = from(list);
    int to = to(list);
    if (entry == from) {
      return dropOldest(list, width, 1);
    }
    // Also of the newest: an append in its place would change what readers of the old view read.
    long fresh = allocate(to - from - 1, width);
    copy(list, from, entry - from, fresh, 0, width);
    copy(list, entry + 1, to - entry - 1, fresh, entry - from, width);
    return fresh;
  }

  /** Drops this many entries from the old end. */
  long dropOldest(long list, int width, int count) {
    int from = from(list) + count;
    int to = to(list);
    if (from == to) {
      return EMPTY;
    }
    if (count > 1 || from > to - from) {
      long fresh = allocate(to - from, width);
      copy(list, from, to - from, fresh, 0, width);
      return fresh;
    }
    return list(place(list), from, to);
  }

  private long allocate(int size, int width) {
    int capacity = size <= 4 ? size : size + size / 8 + 1;
    return list(space.allocate(capacity * width), 0, size);
  }

  private static boolean isBefore(long[] words, int at, long created, long postId) {
    long other = created(words, at);
    return other < created || (other == created && postId(words, at) < postId);
  }

  private static long list(int place, int from, int to) {
    return (long) place << 32 | (long) from << 16 | to;
  }

  private static void put(
      long[] words, int at, int width, long postId, long createdAndSlot, long relation) {
    words[at] = postId;
    words[at + 1] = createdAndSlot;
    if (width == 3) {
      words[at + 2] = relation;
    }
  }

  private void copy(long source, int from, int count, long target, int to, int width) {
    if (count > 0) {
      System.arraycopy(
          words(source),
          at(source, width, from),
          words(target),
          at(target, width, to),
          count * width);
    }
  }
}
