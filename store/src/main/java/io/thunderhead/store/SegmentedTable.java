package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A hash table that grows one small segment at a time (extendible hashing). What a cell means is
 * its owner's matter: the table only needs the upper half of the hash of a cell's first word.
 *
 * <pre>
 *  directory, by the top bits of the hash       segments, open addressing, one or two words per cell
 *    00 ─┐
 *    01 ─┴▶ depth 1  [ . | 7f03… | . | 1c88… | 1d20… | removed | . | . ]
 *    10 ──▶ depth 2  [ 8ab1… | . | . | . | a013… | . ]
 *    11 ──▶ depth 2  [ . | . | f2c4… | fe91… | . | . | . | . ]
 * </pre>
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

  private static final int MIN_CELLS = 8;

  /** A segment that is full with at least so many cells is split, not rebuilt larger. */
  static final int MAX_LIVE = 2720;

  private static final int MAX_DEPTH = 16;
  private static final int SEGMENT_OVERHEAD_BYTES = 56;
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);

  private final int width;
  private final StoreBytes storeBytes;
  private volatile Segment[] directory;
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
    this.storeBytes = storeBytes;
    this.directory = new Segment[] {new Segment(width, 0, MIN_CELLS)};
    this.bytes = directory[0].sizeBytes();
    count();
  }

  Segment segment(long hash) {
    Segment[] all = directory;
    return (Segment) SEGMENT.getAcquire(all, directoryIndex(hash, all.length));
  }

  int live() {
    return live;
  }

  long sizeBytes() {
    return bytes + 16 + 4L * directory.length;
  }

  /** Adds a cell that is not there yet. */
  void add(long hash, long first, long second) {
    Segment segment = segment(hash);
    while (segment.isFull()) {
      makeRoom(hash, segment);
      segment = segment(hash);
    }
    segment.append(hash, first, second);
    live++;
  }

  /** Removes the cell at this place of the segment that {@link #segment} gave for the hash. */
  void remove(long hash, Segment segment, int cell) {
    segment.markRemoved(cell);
    live--;
    if (live == 0) {
      clear();
    } else if (segment.isSparse()) {
      replace(hash, segment, rebuilt(segment, segment.depth, segment.live));
    }
  }

  void clear() {
    Segment only = new Segment(width, 0, MIN_CELLS);
    live = 0;
    bytes = only.sizeBytes();
    directory = new Segment[] {only};
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

  private void makeRoom(long hash, Segment segment) {
    if (segment.live < MAX_LIVE || segment.depth == MAX_DEPTH) {
      replace(hash, segment, rebuilt(segment, segment.depth, segment.live + 1));
      return;
    }
    int depth = segment.depth + 1;
    if (1 << segment.depth == directory.length) {
      directory = doubled(directory);
    }
    long bit = 1L << (Long.SIZE - depth);
    Segment lower = half(segment, depth, bit, 0);
    Segment upper = half(segment, depth, bit, bit);
    bytes += lower.sizeBytes() + upper.sizeBytes() - segment.sizeBytes();
    install(hash & ~bit, lower);
    install(hash | bit, upper);
    count();
  }

  private void replace(long hash, Segment old, Segment fresh) {
    bytes += fresh.sizeBytes() - old.sizeBytes();
    install(hash, fresh);
    count();
  }

  private void install(long hash, Segment segment) {
    Segment[] all = directory;
    int run = all.length >> segment.depth;
    int from = directoryIndex(hash, all.length) & -run;
    for (int i = from; i < from + run; i++) {
      SEGMENT.setRelease(all, i, segment);
    }
  }

  private static Segment[] doubled(Segment[] directory) {
    Segment[] twice = new Segment[directory.length * 2];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = directory[i >> 1];
    }
    return twice;
  }

  private Segment rebuilt(Segment old, int depth, int expected) {
    Segment fresh = new Segment(width, depth, Math.max(MIN_CELLS, expected + expected / 2));
    for (int cell = 0; cell < old.capacity; cell++) {
      if (old.isTaken(cell)) {
        fresh.append(hashAt(old, cell), old.first(cell), old.secondOr0(cell));
      }
    }
    return fresh;
  }

  private Segment half(Segment old, int depth, long bit, long value) {
    int expected = 0;
    for (int cell = 0; cell < old.capacity; cell++) {
      if (old.isTaken(cell) && (hashAt(old, cell) & bit) == value) {
        expected++;
      }
    }
    Segment fresh = new Segment(width, depth, Math.max(MIN_CELLS, expected + expected / 2));
    for (int cell = 0; cell < old.capacity; cell++) {
      if (old.isTaken(cell) && (hashAt(old, cell) & bit) == value) {
        fresh.append(hashAt(old, cell), old.first(cell), old.secondOr0(cell));
      }
    }
    return fresh;
  }

  private long hashAt(Segment segment, int cell) {
    long first = segment.first(cell);
    return width == 1 ? first : IdHash.of(first);
  }

  /**
   * One small table. Readers probe from {@link #home} with {@link #next} until they meet {@link
   * #EMPTY}.
   */
  static final class Segment {
    private final int width;
    private final int depth;
    private final int capacity;
    private final long[] words;
    // Guarded by the owner's lock.
    private int used;
    private int live;

    private Segment(int width, int depth, int capacity) {
      this.width = width;
      this.depth = depth;
      this.capacity = capacity;
      this.words = new long[capacity * width];
    }

    /**
     * The cell where the search for a hash begins: its bits below those of the directory, scaled to
     * the capacity.
     */
    int home(long hash) {
      long bits = ((hash >>> 32) << depth) & 0xFFFF_FFFFL;
      return (int) ((bits * capacity) >>> 32);
    }

    int next(int cell) {
      return cell + 1 == capacity ? 0 : cell + 1;
    }

    long first(int cell) {
      return (long) CELL.getAcquire(words, cell * width);
    }

    long second(int cell) {
      return (long) CELL.getAcquire(words, cell * width + 1);
    }

    void setFirst(int cell, long word) {
      CELL.setRelease(words, cell * width, word);
    }

    void setSecond(int cell, long word) {
      CELL.setRelease(words, cell * width + 1, word);
    }

    private long secondOr0(int cell) {
      return width == 2 ? second(cell) : 0;
    }

    private boolean isTaken(int cell) {
      long word = first(cell);
      return word != EMPTY && word != REMOVED;
    }

    private boolean isFull() {
      return (used + 1) * 5 > capacity * 4;
    }

    private boolean isSparse() {
      return capacity > MIN_CELLS && live * 4 < capacity;
    }

    private void append(long hash, long first, long second) {
      int cell = home(hash);
      while (first(cell) != EMPTY) {
        cell = next(cell);
      }
      if (width == 2) {
        setSecond(cell, second);
      }
      setFirst(cell, first);
      used++;
      live++;
    }

    private void markRemoved(int cell) {
      setFirst(cell, REMOVED);
      live--;
    }

    private long sizeBytes() {
      return SEGMENT_OVERHEAD_BYTES + 8L * words.length;
    }

    @Override
    public String toString() {
      return "depth " + depth + ", " + live + " live: " + Arrays.toString(words);
    }
  }
}
