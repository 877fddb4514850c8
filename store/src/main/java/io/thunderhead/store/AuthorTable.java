package io.thunderhead.store;

/**
 * Author id to timelines. The second word of a table's cell tells the author's newest creation, so
 * that a read passes an author who has nothing new enough without touching more than that cell.
 *
 * <pre>
 *  [ 88 ][ newest 08:09 32 | number 12 32 ]      header 12 ▶ originals, secondary, videos ▶ entries
 *  [ 91 ][ newest 07:55    | number 3     ]      header 3  ▶ …
 * </pre>
 *
 * <p>An author without posts is not in the table. What changes anything is called under the
 * writers' lock; what the change takes out of sight waits until no reader holds it: readers {@link
 * ReaderEpochs.Reader#begin begin} before they look, and until they end what they find stays what
 * it is.
 */
final class AuthorTable {
  // What waits: what it is, above 32 bits that say which.
  private static final long LIST = 0;
  private static final long HEADER = 1L << 32;
  private static final long SEGMENT = 2L << 32;

  private final SegmentedTable table;
  private final AuthorHeaders headers;
  private final EntrySpace space;
  private final Timelines timelines;
  private final Limbo limbo;
  private final ReaderEpochs epochs = new ReaderEpochs();
  private final int maxKept;
  private final StoreBytes storeBytes;
  private final long[] entries = new long[Timelines.KINDS];

  /** What will be free once readers are done. */
  private long expectedBytes;

  /** Posts that the last {@link #link}s since {@link #beginLinks} have pushed out of every list. */
  int evictedCount;

  final long[] evictedIds = new long[2];
  final int[] evictedSlots = new int[2];

  AuthorTable(int maxKept, StoreBytes storeBytes) {
    this.maxKept = maxKept;
    this.storeBytes = storeBytes;
    table = new SegmentedTable(2, storeBytes);
    headers = new AuthorHeaders(storeBytes);
    space = new EntrySpace(storeBytes);
    timelines = new Timelines(space);
    limbo = new Limbo(epochs, this::giveBack);
  }

  ReaderEpochs.Reader newReader() {
    return epochs.register();
  }

  /** The second word of this author's cell, 0 when there is none. Any thread. */
  long find(long authorId, long hash) {
    long[] segment = table.segment(hash);
    int place = place(segment, authorId, hash);
    return place < 0 ? 0 : SegmentedTable.get(segment, place + 1);
  }

  /** Where {@link #find} will look first, for {@link #touch}. Any thread. */
  long locate(long hash) {
    return table.locate(hash);
  }

  /** Loads what is there, to no other end. */
  long touch(long located) {
    return table.touch(located);
  }

  static long newest(long word) {
    return word >>> 32;
  }

  static int number(long word) {
    return (int) word;
  }

  /** One of an author's timelines, as it is now. Any thread. */
  long timeline(int number, int kind) {
    return headers.timeline(number, kind);
  }

  /** The id of the author who has this number; 0 when nobody has. Any thread. */
  long id(int number) {
    return headers.id(number);
  }

  /** What the words of timelines mean. */
  Timelines timelines() {
    return timelines;
  }

  /** This author's number, or {@link AuthorHeaders#NONE}. */
  int get(long authorId, long hash) {
    long word = find(authorId, hash);
    return word == 0 ? AuthorHeaders.NONE : number(word);
  }

  /**
   * An author who is not there yet; to be given a post, or dropped by {@link #settle}. {@link
   * AuthorHeaders#NONE} when there are too many.
   */
  int add(long authorId, long hash) {
    int number = headers.add(authorId);
    if (number != AuthorHeaders.NONE) {
      // Creation times are positive, so the word is never 0.
      table.add(hash, authorId, word(1, number));
    }
    return number;
  }

  /** Whether lists may grow at all. */
  boolean hasRoom() {
    return space.hasRoom();
  }

  /** Whether a list would take a post: it has room, or holds an older one. */
  boolean admits(int number, int kind, long created, long postId) {
    long list = timeline(number, kind);
    if (Timelines.size(list) < maxKept) {
      return true;
    }
    long[] words = timelines.words(list);
    int oldest = Timelines.at(list, Timelines.width(kind), Timelines.from(list));
    long other = Timelines.created(words, oldest);
    return other < created || (other == created && Timelines.postId(words, oldest) < postId);
  }

  /** Whether a post is on a list already. */
  boolean holds(int number, int kind, long created, long postId) {
    return timelines.find(timeline(number, kind), Timelines.width(kind), created, postId) >= 0;
  }

  void beginLinks() {
    evictedCount = 0;
  }

  /** Puts a post on a list that admits it; a post that thereby is in no list any more is noted. */
  void link(int number, int kind, long postId, long createdAndSlot, long relation) {
    long list = timeline(number, kind);
    boolean full = Timelines.size(list) >= maxKept;
    if (full) {
      noteEvicted(number, kind, list);
    }
    int width = Timelines.width(kind);
    replace(
        number, kind, list, timelines.insert(list, width, full, postId, createdAndSlot, relation));
    entries[kind] += full ? 0 : 1;
  }

  /** Takes a post off a list, if it is there. */
  void unlink(int number, int kind, long created, long postId) {
    long list = timeline(number, kind);
    int width = Timelines.width(kind);
    int entry = timelines.find(list, width, created, postId);
    if (entry >= 0) {
      replace(number, kind, list, timelines.remove(list, width, entry));
      entries[kind]--;
    }
  }

  /** Takes everything before the horizon off the author's lists. */
  void dropExpired(int number, long horizon) {
    for (int kind = 0; kind < Timelines.KINDS; kind++) {
      dropExpired(number, kind, horizon);
    }
  }

  /**
   * Takes everything before the horizon off a list that is full or would have to grow. Otherwise it
   * may stay until {@link Trim} comes: no reader looks so far back, and to look at the oldest entry
   * of each list that grows is to wait for memory.
   */
  void makeRoom(int number, int kind, long horizon) {
    long list = timeline(number, kind);
    if (Timelines.size(list) >= maxKept || !timelines.hasRoom(list, Timelines.width(kind))) {
      dropExpired(number, kind, horizon);
    }
  }

  /** Takes everything before the horizon off one list. */
  void dropExpired(int number, int kind, long horizon) {
    long list = timeline(number, kind);
    if (Timelines.size(list) == 0) {
      return;
    }
    int width = Timelines.width(kind);
    int from = Timelines.from(list);
    if (Timelines.created(timelines.words(list), Timelines.at(list, width, from)) < horizon) {
      int at = timelines.find(list, width, horizon, Long.MIN_VALUE);
      int expired = (at < 0 ? -at - 1 : at) - from;
      replace(number, kind, list, timelines.dropOldest(list, width, expired));
      entries[kind] -= expired;
    }
  }

  /** After a post was added: the table is told if it is the author's newest. */
  void raise(int number, long authorId, long hash, long created) {
    long[] segment = table.segment(hash);
    int place = place(segment, authorId, hash);
    if (newest(segment[place + 1]) < created) {
      SegmentedTable.set(segment, place + 1, word(created, number));
    }
  }

  /**
   * After a change: the author's newest creation is told to the table, and an author without posts
   * leaves.
   */
  void settle(int number) {
    long id = id(number);
    if (id == 0) {
      return;
    }
    long hash = IdHash.of(id);
    long[] segment = table.segment(hash);
    int place = place(segment, id, hash);
    if (isEmpty(number)) {
      table.remove(hash, segment, place);
      headers.leave(number);
      limbo.add(HEADER | number, 0);
    } else {
      SegmentedTable.set(segment, place + 1, word(newest(number), number));
    }
  }

  boolean isEmpty(int number) {
    return Timelines.size(timeline(number, Timelines.ORIGINALS)) == 0
        && Timelines.size(timeline(number, Timelines.SECONDARY)) == 0
        && Timelines.size(timeline(number, Timelines.VIDEOS)) == 0;
  }

  /** Creation of the newest post in any list, 0 without posts. */
  long newest(int number) {
    long newest = 0;
    for (int kind = 0; kind < Timelines.KINDS; kind++) {
      long list = timeline(number, kind);
      newest = Math.max(newest, timelines.newest(list, Timelines.width(kind)));
    }
    return newest;
  }

  /** Gives back what no reader holds any more. */
  void giveBack() {
    limbo.release();
    if (table.live() == 0 && limbo.isEmpty()) {
      headers.clear();
    }
  }

  /** Every number in use is below this one. */
  int numbers() {
    return headers.bound();
  }

  int authors() {
    return table.live();
  }

  long entries(int kind) {
    return entries[kind];
  }

  /** Lists that are kept, those among them that readers may still hold. */
  int lists() {
    return space.ranges();
  }

  long timelineBytes() {
    return space.sizeBytes();
  }

  long sizeBytes() {
    return table.sizeBytes() + headers.sizeBytes();
  }

  void clear() {
    table.clear();
    limbo.clear();
    expect(-expectedBytes);
    int numbers = headers.leaveAll();
    for (int number = 0; number < numbers; number++) {
      limbo.add(HEADER | number, 0);
    }
    for (int segment : space.abandon()) {
      limbo.add(SEGMENT | segment, 0);
    }
    for (int kind = 0; kind < Timelines.KINDS; kind++) {
      entries[kind] = 0;
    }
    beginLinks();
    giveBack();
  }

  private void giveBack(long item) {
    int which = (int) item;
    if ((item & HEADER) != 0) {
      headers.free(which);
    } else if ((item & SEGMENT) != 0) {
      space.dropSegment(which);
    } else {
      expect(-8L * space.capacity(which));
      space.free(which);
    }
  }

  /** Memory that waits for readers is not held against the budget: evicting would not free it. */
  private void expect(long bytes) {
    expectedBytes += bytes;
    storeBytes.add(-bytes);
  }

  /** Where an author's cell is; negative without one. */
  private int place(long[] segment, long authorId, long hash) {
    int place = table.home(segment, hash);
    while (true) {
      long word = SegmentedTable.get(segment, place);
      if (word == authorId) {
        return place;
      }
      if (word == SegmentedTable.EMPTY) {
        return -1;
      }
      place = table.next(segment, place);
    }
  }

  private void noteEvicted(int number, int kind, long list) {
    long[] words = timelines.words(list);
    int at = Timelines.at(list, Timelines.width(kind), Timelines.from(list));
    long postId = Timelines.postId(words, at);
    long created = Timelines.created(words, at);
    for (int other = 0; other < Timelines.KINDS; other++) {
      if (other != kind
          && timelines.find(timeline(number, other), Timelines.width(other), created, postId)
              >= 0) {
        return;
      }
    }
    evictedIds[evictedCount] = postId;
    evictedSlots[evictedCount++] = Timelines.slot(words, at);
  }

  private void replace(int number, int kind, long old, long fresh) {
    headers.setTimeline(number, kind, fresh);
    if (old != Timelines.EMPTY && Timelines.place(old) != Timelines.place(fresh)) {
      int words = space.capacity(Timelines.place(old));
      expect(8L * words);
      limbo.add(LIST | Timelines.place(old), words);
    }
  }

  private static long word(long newest, int number) {
    return newest << 32 | number;
  }
}
