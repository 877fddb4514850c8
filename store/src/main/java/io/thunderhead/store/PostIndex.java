package io.thunderhead.store;

import java.util.function.IntConsumer;

/**
 * Post id to the slot of its cell, post or tombstone. A cell of the table holds no id, only 32 bits
 * of its hash; the id is compared in the block.
 *
 * <pre>
 *  hash(4217) = 9c41 02e6 5b1d 00a7
 *  cell       = 9c41 02e6 | block 7 unit 120
 * </pre>
 *
 * <p>Writers hold the store's lock, readers none. A found cell may be dead or past the retention:
 * ask the block.
 */
final class PostIndex {
  private static final long TAG = 0xFFFF_FFFF_0000_0000L;

  private final PostBlocks blocks;
  private final SegmentedTable table;

  PostIndex(PostBlocks blocks, StoreBytes storeBytes) {
    this.blocks = blocks;
    table = new SegmentedTable(1, storeBytes);
  }

  /** The slot of this id's cell, dead or alive, or {@link PostBlocks#NONE}. Any thread. */
  int find(long postId) {
    return find(postId, IdHash.of(postId));
  }

  int find(long postId, long hash) {
    long[] segment = table.segment(hash);
    int place = table.home(segment, hash);
    while (true) {
      long word = SegmentedTable.get(segment, place);
      if (word == SegmentedTable.EMPTY) {
        return PostBlocks.NONE;
      }
      if (holds(word, hash, postId)) {
        return (int) word;
      }
      place = table.next(segment, place);
    }
  }

  /** Where {@link #find} will look first, for {@link #touch}. Any thread. */
  long locate(long hash) {
    return table.locate(hash);
  }

  /** Loads what is there, to no other end. */
  long touch(long located) {
    return table.touch(located);
  }

  /**
   * The slot of a post that is held and within the retention, else {@link PostBlocks#NONE}. Any
   * thread.
   */
  int findLive(long postId, long horizon) {
    return findLive(postId, IdHash.of(postId), horizon);
  }

  int findLive(long postId, long hash, long horizon) {
    int slot = find(postId, hash);
    PostBlock block = blocks.of(slot);
    return block != null
            && block.isLive(PostBlocks.unit(slot), horizon)
            && !block.has(PostBlocks.unit(slot), PostBlock.TOMBSTONE)
        ? slot
        : PostBlocks.NONE;
  }

  /** Whether a tombstone of this id stands. Any thread. */
  boolean isDeleted(long postId, long horizon) {
    int slot = find(postId);
    PostBlock block = blocks.of(slot);
    return block != null
        && block.isLive(PostBlocks.unit(slot), horizon)
        && block.has(PostBlocks.unit(slot), PostBlock.TOMBSTONE);
  }

  /** Points an id that {@link #find} does not find to this slot. */
  void add(long hash, int slot) {
    table.add(hash, word(hash, slot), 0);
  }

  /** Points the id to this slot, in place of any other. */
  void put(long postId, int slot) {
    long hash = IdHash.of(postId);
    int old = find(postId, hash);
    if (old == PostBlocks.NONE) {
      add(hash, slot);
    } else {
      long[] segment = table.segment(hash);
      SegmentedTable.set(segment, place(segment, hash, old), word(hash, slot));
    }
  }

  /** Gets ready for so many ids, if it is empty. */
  void expect(int ids) {
    table.expect(ids);
  }

  /** Adds a {@link #word}, unless there is a cell of the same id already; whether it did. */
  boolean addLoaded(long word) {
    // All that the table asks of a hash is its upper half, which the word has.
    long[] segment = table.segment(word);
    int place = table.home(segment, word);
    long other = SegmentedTable.get(segment, place);
    while (other != SegmentedTable.EMPTY) {
      if (((other ^ word) & TAG) == 0 && holds(other, word, blocks.postId((int) word))) {
        return false;
      }
      place = table.next(segment, place);
      other = SegmentedTable.get(segment, place);
    }
    table.add(word, word, 0);
    return true;
  }

  /** Forgets the id if it still points to this slot. */
  void remove(long postId, int slot) {
    long hash = IdHash.of(postId);
    long[] segment = table.segment(hash);
    int place = place(segment, hash, slot);
    if (place >= 0) {
      table.remove(hash, segment, place);
    }
  }

  /** Tells the slots of a part of the ids, as {@link SegmentedTable#eachFirst} does. */
  long eachSlot(long hash, IntConsumer slots) {
    return table.eachFirst(hash, word -> slots.accept((int) word));
  }

  void clear() {
    table.clear();
  }

  int size() {
    return table.live();
  }

  long sizeBytes() {
    return table.sizeBytes();
  }

  /** Where the id points to this slot; negative when it does not. */
  private int place(long[] segment, long hash, int slot) {
    int place = table.home(segment, hash);
    while (true) {
      long word = SegmentedTable.get(segment, place);
      if (word == SegmentedTable.EMPTY) {
        return -1;
      }
      if (word == word(hash, slot)) {
        return place;
      }
      place = table.next(segment, place);
    }
  }

  private boolean holds(long word, long hash, long postId) {
    if (((word ^ hash) & TAG) != 0 || word == SegmentedTable.REMOVED) {
      return false;
    }
    int slot = (int) word;
    PostBlock block = blocks.of(slot);
    return block != null && block.postId(PostBlocks.unit(slot)) == postId;
  }

  static long word(long hash, int slot) {
    return (hash & TAG) | (slot & 0xFFFF_FFFFL);
  }
}
