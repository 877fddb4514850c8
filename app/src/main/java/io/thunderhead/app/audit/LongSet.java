package io.thunderhead.app.audit;

/**
 * A set of numbers that never holds more than it was told to. Exact: it keeps the numbers
 * themselves, in open addressing, some 16 to 32 bytes for each. Not thread-safe.
 */
final class LongSet {
  private static final int FIRST_CELLS = 1 << 10;

  private final int limit;
  private long[] cells = new long[FIRST_CELLS];
  private int size;
  private boolean hasZero;

  LongSet(int limit) {
    this.limit = limit;
  }

  /** A number that can't be told from random by its place among others. */
  static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 29)) * 0xbf58476d1ce4e5b9L;
    return mixed ^ (mixed >>> 32);
  }

  /**
   * Adds a number; false if it was there.
   *
   * @throws FullException if it is new and the set is at its limit
   */
  boolean add(long value) throws FullException {
    if (contains(value)) {
      return false;
    }
    if (size >= limit) {
      throw new FullException(limit);
    }
    size++;
    if (value == 0) {
      hasZero = true;
      return true;
    }
    if (size > cells.length / 2) {
      grow();
    }
    put(value);
    return true;
  }

  boolean contains(long value) {
    return value == 0 ? hasZero : cells[cellOf(value)] == value;
  }

  int size() {
    return size;
  }

  /** The cell that holds the number, or else the free one where it would go. */
  private int cellOf(long value) {
    int at = (int) mix(value) & (cells.length - 1);
    while (cells[at] != 0 && cells[at] != value) {
      at = (at + 1) & (cells.length - 1);
    }
    return at;
  }

  private void put(long value) {
    cells[cellOf(value)] = value;
  }

  private void grow() {
    long[] old = cells;
    cells = new long[old.length * 2];
    for (long value : old) {
      if (value != 0) {
        put(value);
      }
    }
  }

  /** The set is at its limit; the caller has to make do with less at once. */
  static final class FullException extends Exception {
    private static final long serialVersionUID = 1L;

    FullException(int limit) {
      super("more than " + limit + " ids", null, false, false);
    }
  }
}
