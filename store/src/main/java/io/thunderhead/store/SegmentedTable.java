package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;

/**
 * A hash table that grows one small segment at a time (extendible hashing). What a cell means is
 * its owner's matter: the table only needs the upper half of the hash of a cell's first word.
 *
 * <pre>
 *  directory, by the top bits of the hash       segments, open addressing, one or two words per cell
 *    00 ─┐
 *    01 ─┴▶ [ . | 7f03… | . | 1c88… | 1d20… | removed | . | . | depth 1, 4 used, 3 live ]
 *    10 ──▶ [ 8ab1… | . | . | . | a013… | . | depth 2 … ]
 *    11 ──▶ [ . | . | f2c4… | fe91… | . | . | . | . | depth 2 … ]
 * </pre>
 *
 * <p>A segment is nothing but its array, so that a reader is two loads from its cell: the directory
 * is small enough to stay near. Places in a segment are indexes of a cell's first word.
 *
 * <p>One writer at a time, under its owner's lock; any number of readers without one. A cell goes
 * from empty to taken to removed and is never taken again; a segment that is too full, or holds too
 * many removed cells, is replaced by a new one or by two halves, and a reader that still has the
 * old one sees it as it was at that moment. So an entry that is in the table throughout is always
 * found.
 */
final class SegmentedTable {
  static final long EMPTY = 0;
  static final long REMOVED = -1;

  private static final int LINE_WORDS = 8;
  private static final int MIN_CELLS = 8;

  /**
   * A segment that is full with at least so many cells, of one word, is split, not rebuilt larger.
   * Few and large, since each has a length of its own to be loaded; small enough for a heap of a
   * few MiB, and for a writer that waits while one is split.
   */
  static final int MAX_LIVE = 8192;

  private static final int MAX_DEPTH = 16;
  private static final int ARRAY_BYTES = 16;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(long[][].class);

  private final int width;
  private final int maxLive;
  private final StoreBytes storeBytes;
  private volatile long[][] directory;
  // The rest is guarded by the owner's lock.
  private int live;
  private long bytes;
  private long counted;

  /**
   * Width 1: a cell's first word has the upper half of its hash as its own; width 2: the first word
   * is the id.
   */
  SegmentedTable(int width, StoreBytes storeBytes) {
    this.width = width;
    this.maxLive = MAX_LIVE / width;
    this.storeBytes = storeBytes;
    this.directory = new long[][] {segmentOf(0, MIN_CELLS)};
    this.bytes = sizeBytes(directory[0]);
    count();
  }

  /**
   * Where the search for a hash begins, to be given to {@link #touch} soon: segment in the
   * directory 32 | place 32. Any thread.
   */
  long locate(long hash) {
    long[][] all = directory;
    int index = directoryIndex(hash, all.length);
    return (long) index << 32 | home((long[]) SEGMENT.getAcquire(all, index), hash);
  }

  /**
   * Loads what is there, to no other end. Apart from {@link #locate}, so that a loop of these is
   * short enough for many loads to be under way at once.
   */
  long touch(long located) {
    long[][] all = directory;
    int index = (int) (located >>> 32);
    int place = (int) located;
    long[] segment = index < all.length ? all[index] : all[0];
    // A search that begins near the end of a line goes on in the next.
    int further = Math.min(place + LINE_WORDS, segment.length - 1);
    return place < segment.length ? segment[place] + segment[further] : 0;
  }

  /** Where a hash is or would be. Any thread. */
  long[] segment(long hash) {
    long[][] all = directory;
    return (long[]) SEGMENT.getAcquire(all, directoryIndex(hash, all.length));
  }

  /**
   * The place where the search for a hash begins; then {@link #next}, until {@link #EMPTY} is met.
   */
  int home(long[] segment, long hash) {
    // Not the bits of the directory, or the cells of a segment would crowd together.
    long bits = (hash >>> 32) & 0xFFFF;
    return (int) ((bits * capacity(segment)) >>> 16) * width;
  }

  int next(long[] segment, int place) {
    int next = place + width;
    return next >= segment.length - 1 ? 0 : next;
  }

  static long get(long[] segment, int place) {
    return (long) WORD.getAcquire(segment, place);
  }

  static void set(long[] segment, int place, long word) {
    WORD.setRelease(segment, place, word);
  }

  int live() {
    return live;
  }

  long sizeBytes() {
    return bytes + ARRAY_BYTES + 4L * directory.length;
  }

  /** Adds a cell that is not there yet. */
  void add(long hash, long first, long second) {
    long[] segment = segment(hash);
    while ((used(segment) + 1) * 5 > capacity(segment) * 4) {
      makeRoom(hash, segment);
      segment = segment(hash);
    }
    append(segment, hash, first, second);
    live++;
  }

  /** Makes room for so many cells at once, if there are none. */
  void expect(int cells) {
    if (live > 0) {
      return;
    }
    int depth = 0;
    while (depth < MAX_DEPTH && roomFor(cells >> depth) > maxLive) {
      depth++;
    }
    long[][] all = new long[1 << depth][];
    bytes = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = segmentOf(depth, roomFor(cells >> depth));
      bytes += sizeBytes(all[i]);
    }
    directory = all;
    count();
  }

  /** Removes the cell at this place of the segment that {@link #segment} gave for the hash. */
  void remove(long hash, long[] segment, int place) {
    set(segment, place, REMOVED);
    segment[meta(segment)]--;
    live--;
    if (live == 0) {
      clear();
    } else if (capacity(segment) > MIN_CELLS && live(segment) * 4 < capacity(segment)) {
      replace(hash, segment, rebuilt(segment, live(segment)));
    }
  }

  /**
   * Tells the first word of every cell in the segment of this hash. Beginning with 0, and going on
   * with what it returns until that is 0, finds every entry that is in the table throughout.
   *
   * @return the first hash of the next segment; 0 behind the last
   */
  long eachFirst(long hash, LongConsumer words) {
    long[] segment = segment(hash);
    for (int place = 0; place < meta(segment); place += width) {
      if (isTaken(segment, place)) {
        words.accept(segment[place]);
      }
    }
    int depth = depth(segment);
    long range = depth == 0 ? 0 : 1L << (Long.SIZE - depth);
    return (hash & -range) + range;
  }

  void clear() {
    long[] only = segmentOf(0, MIN_CELLS);
    live = 0;
    bytes = sizeBytes(only);
    directory = new long[][] {only};
    count();
  }

  private void count() {
    long now = sizeBytes();
    storeBytes.add(now - counted);
    counted = now;
  }

  private static int directoryIndex(long hash, int length) {
    int bits = Integer.numberOfTrailingZeros(length);
    return (int) (hash >>> 1 >>> (Long.SIZE - 1 - bits));
  }

  private void makeRoom(long hash, long[] segment) {
    int before = depth(segment);
    if (live(segment) < maxLive || before == MAX_DEPTH) {
      replace(hash, segment, rebuilt(segment, live(segment) + 1));
      return;
    }
    if (1 << before == directory.length) {
      directory = doubled(directory);
    }
    long bit = 1L << (Long.SIZE - 1 - before);
    long[] lower = half(segment, bit, 0);
    long[] upper = half(segment, bit, bit);
    bytes += sizeBytes(lower) + sizeBytes(upper) - sizeBytes(segment);
    install(hash & ~bit, lower);
    install(hash | bit, upper);
    count();
  }

  private void replace(long hash, long[] old, long[] fresh) {
    bytes += sizeBytes(fresh) - sizeBytes(old);
    install(hash, fresh);
    count();
  }

  private void install(long hash, long[] segment) {
    long[][] all = directory;
    int run = all.length >> depth(segment);
    int from = directoryIndex(hash, all.length) & -run;
    for (int i = from; i < from + run; i++) {
      SEGMENT.setRelease(all, i, segment);
    }
  }

  private static long[][] doubled(long[][] directory) {
    long[][] twice = new long[directory.length * 2][];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = directory[i >> 1];
    }
    return twice;
  }

  private long[] rebuilt(long[] old, int expected) {
    long[] fresh = segmentOf(depth(old), roomFor(expected));
    for (int place = 0; place < meta(old); place += width) {
      if (isTaken(old, place)) {
        append(fresh, hashAt(old, place), old[place], old[place + width - 1]);
      }
    }
    return fresh;
  }

  private long[] half(long[] old, long bit, long value) {
    int expected = 0;
    for (int place = 0; place < meta(old); place += width) {
      expected += isTaken(old, place) && (hashAt(old, place) & bit) == value ? 1 : 0;
    }
    long[] fresh = segmentOf(depth(old) + 1, roomFor(expected));
    for (int place = 0; place < meta(old); place += width) {
      if (isTaken(old, place) && (hashAt(old, place) & bit) == value) {
        append(fresh, hashAt(old, place), old[place], old[place + width - 1]);
      }
    }
    return fresh;
  }

  private static int roomFor(int cells) {
    return Math.max(MIN_CELLS, cells + cells / 2);
  }

  private long hashAt(long[] segment, int place) {
    long first = segment[place];
    return width == 1 ? first : IdHash.of(first);
  }

  private void append(long[] segment, long hash, long first, long second) {
    int place = home(segment, hash);
    while (segment[place] != EMPTY) {
      place = next(segment, place);
    }
    if (width == 2) {
      set(segment, place + 1, second);
    }
    set(segment, place, first);
    segment[meta(segment)] += USED + 1;
  }

  private static boolean isTaken(long[] segment, int place) {
    return segment[place] != EMPTY && segment[place] != REMOVED;
  }

  // A segment's last word is its writer's: depth 8 | cells used 28 | of these live 28.

  private static final int USED_SHIFT = 28;
  private static final long USED = 1L << USED_SHIFT;
  private static final int DEPTH_SHIFT = 56;

  private long[] segmentOf(int depth, int cells) {
    long[] segment = new long[cells * width + 1];
    segment[cells * width] = (long) depth << DEPTH_SHIFT;
    return segment;
  }

  private static int meta(long[] segment) {
    return segment.length - 1;
  }

  private static int depth(long[] segment) {
    return (int) (segment[meta(segment)] >>> DEPTH_SHIFT);
  }

  private static int used(long[] segment) {
    return (int) (segment[meta(segment)] >>> USED_SHIFT) & (int) (USED - 1);
  }

  private static int live(long[] segment) {
    return (int) segment[meta(segment)] & (int) (USED - 1);
  }

  private int capacity(long[] segment) {
    return width == 1 ? segment.length - 1 : segment.length >> 1;
  }

  private static long sizeBytes(long[] segment) {
    return ARRAY_BYTES + 8L * segment.length;
  }
}
