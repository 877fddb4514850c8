package io.thunderhead.store;

import java.util.Arrays;

/**
 * A set of positive ids, filled anew for each read. Its arrays only grow, and {@link #reset}
 * touches no more of them than the coming read needs.
 *
 * <p>{@link #mayHold} asks a few bits of a hash alone; {@link #contains} is exact.
 */
final class IdSet {
  private static final int BITS_PER_ID = 16;

  private long[] slots = new long[64];
  private long[] filter = new long[16];
  private long[] ids = new long[64];
  private long[] hashes = new long[64];
  private int mask;
  private int filterMask;
  private int size;

  /** Empties the set and makes room for so many ids. */
  void reset(int expected) {
    int wanted = Integer.highestOneBit(Math.max(16, expected) * 2 - 1) * 2;
    if (slots.length < wanted) {
      slots = new long[wanted];
    } else {
      Arrays.fill(slots, 0, wanted, 0);
    }
    if (ids.length < expected) {
      ids = new long[expected];
      hashes = new long[expected];
    }
    mask = wanted - 1;
    long bits = Math.min(1L << IdHash.FILTER_BITS, (long) wanted / 2 * BITS_PER_ID);
    int words = (int) (bits >>> 6);
    if (filter.length < words) {
      filter = new long[words];
    } else {
      Arrays.fill(filter, 0, words, 0);
    }
    filterMask = (int) bits - 1;
    size = 0;
  }

  int size() {
    return size;
  }

  /** The ids in the order in which they were added. */
  long id(int i) {
    return ids[i];
  }

  long hash(int i) {
    return hashes[i];
  }

  /** False when it was there already. */
  boolean add(long id, long hash) {
    int at = (int) (hash >>> 32) & mask;
    while (slots[at] != 0) {
      if (slots[at] == id) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = id;
    ids[size] = id;
    hashes[size++] = hash;
    int bit = IdHash.filter(hash) & filterMask;
    filter[bit >>> 6] |= 1L << bit;
    return true;
  }

  boolean contains(long id) {
    if (size == 0) {
      return false;
    }
    long hash = IdHash.of(id);
    if (!mayHold(IdHash.filter(hash))) {
      return false;
    }
    int at = (int) (hash >>> 32) & mask;
    while (slots[at] != 0) {
      if (slots[at] == id) {
        return true;
      }
      at = (at + 1) & mask;
    }
    return false;
  }

  /** Whether an id whose hash has this {@link IdHash#filter} may be in the set. */
  boolean mayHold(int hashFilter) {
    int bit = hashFilter & filterMask;
    return (filter[bit >>> 6] & (1L << bit)) != 0;
  }
}
