package io.thunderhead.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Author id to timelines. The second word of a table's cell tells the author's newest creation, so
 * that a read passes an author who has nothing new enough without touching more than that cell.
 *
 * <pre>
 *  shard 5   [ 88 ][ newest 08:09 32 | number 12 32 ]      number 12 ▶ Author 88: originals, secondary, videos
 *            [ 91 ][ newest 07:55    | number 3     ]      number 3  ▶ Author 91
 * </pre>
 *
 * <p>A shard's monitor guards its authors and their timelines. It may be taken under the lock of a
 * post, never the other way round. An author without posts is not in the table.
 */
final class AuthorTable {
  private final AuthorNumbers numbers;
  private final Shard[] shards = new Shard[IdHash.SHARDS];
  private final int maxKept;
  private final StoreBytes storeBytes;

  AuthorTable(int maxKept, StoreBytes storeBytes) {
    this.maxKept = maxKept;
    this.storeBytes = storeBytes;
    numbers = new AuthorNumbers(storeBytes);
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard();
    }
  }

  Shard shard(long authorId) {
    return shards[IdHash.shard(IdHash.of(authorId))];
  }

  Shard[] shards() {
    return shards;
  }

  /** The second word of this author's cell, 0 when there is none. Any thread. */
  long find(long authorId, long hash) {
    SegmentedTable.Segment segment = shards[IdHash.shard(hash)].table.segment(hash);
    int cell = segment.home(hash);
    while (true) {
      long word = segment.first(cell);
      if (word == authorId) {
        return segment.second(cell);
      }
      if (word == SegmentedTable.EMPTY) {
        return 0;
      }
      cell = segment.next(cell);
    }
  }

  /** Loads what {@link #find} will look at first, to no other end. */
  long touch(long hash) {
    SegmentedTable.Segment segment = shards[IdHash.shard(hash)].table.segment(hash);
    return segment.first(segment.home(hash));
  }

  static long newest(long word) {
    return word >>> 32;
  }

  static int number(long word) {
    return (int) word;
  }

  /** The author of a number; null when nobody has it. Any thread; compare the id. */
  @Nullable Author byNumber(int number) {
    return numbers.get(number);
  }

  /** Every number in use is below this one. */
  int numbers() {
    return numbers.bound();
  }

  void clear() {
    numbers.clear();
  }

  long sizeBytes() {
    long sum = numbers.sizeBytes();
    for (Shard shard : shards) {
      synchronized (shard) {
        sum += shard.table.sizeBytes();
      }
    }
    return sum;
  }

  /** One part of the authors; call its methods under its monitor. */
  final class Shard {
    private final SegmentedTable table = new SegmentedTable(2, storeBytes);
    private final long[] entries = new long[3];
    private long timelineBytes;

    /** What the last {@link #link} pushed out of its last list. */
    int evictedCount;

    final long[] evictedIds = new long[2];
    final int[] evictedSlots = new int[2];

    private Shard() {}

    @Nullable Author get(long authorId) {
      long word = find(authorId, IdHash.of(authorId));
      return word == 0 ? null : numbers.get(number(word));
    }

    /** An author who is not there yet; to be given a post, or dropped by {@link #settle}. */
    Author add(long authorId) {
      Author author = numbers.add(authorId);
      // Creation times are positive, so the word is never 0.
      table.add(IdHash.of(authorId), authorId, word(1, author.number));
      return author;
    }

    /** Whether a list would take a post: it has room, or holds an older one. */
    boolean admits(Author author, int kind, long created, long postId) {
      long[] timeline = author.timeline(kind);
      if (AuthorTimeline.size(timeline) < maxKept) {
        return true;
      }
      int oldest = AuthorTimeline.from(AuthorTimeline.view(timeline));
      long other = AuthorTimeline.created(timeline, Author.width(kind), oldest);
      return other < created
          || (other == created
              && AuthorTimeline.postId(timeline, Author.width(kind), oldest) < postId);
    }

    /**
     * Puts a post on a list that admits it; a post that thereby is in no list any more is noted.
     */
    void link(Author author, int kind, long postId, long createdAndSlot, long relation) {
      long[] timeline = author.timeline(kind);
      int width = Author.width(kind);
      boolean full = AuthorTimeline.size(timeline) >= maxKept;
      if (full) {
        noteEvicted(author, kind, timeline);
      }
      long[] fresh = AuthorTimeline.insert(timeline, width, full, postId, createdAndSlot, relation);
      replace(author, kind, timeline, fresh);
      entries[kind] += full ? 0 : 1;
    }

    /** Takes a post off a list, if it is there. */
    void unlink(Author author, int kind, long created, long postId) {
      long[] timeline = author.timeline(kind);
      int entry = AuthorTimeline.find(timeline, Author.width(kind), created, postId);
      if (entry >= 0) {
        replace(author, kind, timeline, AuthorTimeline.remove(timeline, Author.width(kind), entry));
        entries[kind]--;
      }
    }

    /** Takes everything before the horizon off the author's lists. */
    void dropExpired(Author author, long horizon) {
      for (int kind = 0; kind < 3; kind++) {
        dropExpired(author, kind, horizon);
      }
    }

    /** Takes everything before the horizon off one list. */
    void dropExpired(Author author, int kind, long horizon) {
      long[] timeline = author.timeline(kind);
      int width = Author.width(kind);
      long view = AuthorTimeline.view(timeline);
      int from = AuthorTimeline.from(view);
      int to = AuthorTimeline.to(view);
      if (from < to && AuthorTimeline.created(timeline, width, from) < horizon) {
        int at = AuthorTimeline.find(timeline, width, horizon, Long.MIN_VALUE);
        int expired = (at < 0 ? -at - 1 : at) - from;
        replace(author, kind, timeline, AuthorTimeline.dropOldest(timeline, width, expired));
        entries[kind] -= expired;
      }
    }

    /** After a post was added: the table is told if it is the author's newest. */
    void raise(Author author, long created) {
      long hash = IdHash.of(author.id);
      SegmentedTable.Segment segment = table.segment(hash);
      int cell = segment.home(hash);
      while (segment.first(cell) != author.id) {
        cell = segment.next(cell);
      }
      if (newest(segment.second(cell)) < created) {
        segment.setSecond(cell, word(created, author.number));
      }
    }

    /**
     * After a change: the author's newest creation is told to the table, and an author without
     * posts leaves.
     */
    void settle(Author author) {
      if (author.left) {
        return; // While its caller waited for the lock; there may be another of the same id by now.
      }
      long hash = IdHash.of(author.id);
      SegmentedTable.Segment segment = table.segment(hash);
      int cell = segment.home(hash);
      while (segment.first(cell) != author.id) {
        if (segment.first(cell) == SegmentedTable.EMPTY) {
          return;
        }
        cell = segment.next(cell);
      }
      if (author.isEmpty()) {
        table.remove(hash, segment, cell);
        numbers.remove(author);
        author.left = true;
      } else {
        segment.setSecond(cell, word(author.newest(), author.number));
      }
    }

    int authors() {
      return table.live();
    }

    long entries(int kind) {
      return entries[kind];
    }

    long timelineBytes() {
      return timelineBytes;
    }

    void clear() {
      table.clear();
      storeBytes.add(-timelineBytes);
      timelineBytes = 0;
      Arrays.fill(entries, 0);
      evictedCount = 0;
    }

    private void noteEvicted(Author author, int kind, long[] timeline) {
      int width = Author.width(kind);
      int oldest = AuthorTimeline.from(AuthorTimeline.view(timeline));
      long postId = AuthorTimeline.postId(timeline, width, oldest);
      long created = AuthorTimeline.created(timeline, width, oldest);
      for (int other = 0; other < 3; other++) {
        if (other != kind
            && AuthorTimeline.find(author.timeline(other), Author.width(other), created, postId)
                >= 0) {
          return;
        }
      }
      evictedIds[evictedCount] = postId;
      evictedSlots[evictedCount++] = AuthorTimeline.slot(timeline, width, oldest);
    }

    private void replace(Author author, int kind, long[] old, long[] fresh) {
      long grown = AuthorTimeline.sizeBytes(fresh) - AuthorTimeline.sizeBytes(old);
      timelineBytes += grown;
      storeBytes.add(grown);
      author.setTimeline(kind, fresh);
    }

    private long word(long newest, int number) {
      return newest << 32 | number;
    }
  }
}
