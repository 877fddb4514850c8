package io.thunderhead.store;

/**
 * Post id to the slot of its cell, post or tombstone. A cell of the table holds no id, only 32 bits
 * of its hash; the id is compared in the block.
 *
 * <pre>
 *  hash(4217) = 9c41 02e6 5b1d 00a7      shard 0x27
 *  cell       = 9c41 02e6 | block 7 unit 120
 * </pre>
 *
 * <p>Whoever creates or deletes an id holds the lock of its {@link #shard}, so that what happens to
 * one id happens in some order, whatever threads bring it. Readers take no lock. A found cell may
 * be dead or past the retention: ask the block.
 */
final class PostIndex {
  private static final long TAG = 0xFFFF_FFFF_0000_0000L;

  private final PostBlocks blocks;
  private final Shard[] shards = new Shard[IdHash.SHARDS];

  PostIndex(PostBlocks blocks, StoreBytes storeBytes) {
    this.blocks = blocks;
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(storeBytes);
    }
  }

  Shard shard(long hash) {
    return shards[IdHash.shard(hash)];
  }

  Shard[] shards() {
    return shards;
  }

  /** The slot of this id's cell, dead or alive, or {@link PostBlocks#NONE}. Any thread. */
  int find(long postId) {
    long hash = IdHash.of(postId);
    SegmentedTable.Segment segment = shard(hash).table.segment(hash);
    int cell = segment.home(hash);
    while (true) {
      long word = segment.first(cell);
      if (word == SegmentedTable.EMPTY) {
        return PostBlocks.NONE;
      }
      if (holds(word, hash, postId)) {
        return (int) word;
      }
      cell = segment.next(cell);
    }
  }

  /** Loads what {@link #find} will look at first, to no other end. */
  long touch(long hash) {
    SegmentedTable.Segment segment = shard(hash).table.segment(hash);
    return segment.first(segment.home(hash));
  }

  /**
   * The slot of a post that is held and within the retention, else {@link PostBlocks#NONE}. Any
   * thread.
   */
  int findLive(long postId, long horizon) {
    int slot = find(postId);
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

  long sizeBytes() {
    long sum = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        sum += shard.table.sizeBytes();
      }
    }
    return sum;
  }

  private boolean holds(long word, long hash, long postId) {
    if (((word ^ hash) & TAG) != 0 || word == SegmentedTable.REMOVED) {
      return false;
    }
    int slot = (int) word;
    PostBlock block = blocks.of(slot);
    return block != null && block.postId(PostBlocks.unit(slot)) == postId;
  }

  /** One part of the ids; its monitor is the lock of every one of them. */
  final class Shard {
    private final SegmentedTable table;

    private Shard(StoreBytes storeBytes) {
      table = new SegmentedTable(1, storeBytes);
    }

    /** Points the id to this slot, in place of any other. Under the lock. */
    void put(long postId, int slot) {
      long hash = IdHash.of(postId);
      long word = (hash & TAG) | (slot & 0xFFFF_FFFFL);
      SegmentedTable.Segment segment = table.segment(hash);
      int cell = place(segment, hash, postId, PostBlocks.NONE);
      if (cell >= 0) {
        segment.setFirst(cell, word);
      } else {
        table.add(hash, word, 0);
      }
    }

    /** Forgets the id if it still points to this slot. Under the lock. */
    void remove(long postId, int slot) {
      long hash = IdHash.of(postId);
      SegmentedTable.Segment segment = table.segment(hash);
      int cell = place(segment, hash, postId, slot);
      if (cell >= 0) {
        table.remove(hash, segment, cell);
      }
    }

    void clear() {
      table.clear();
    }

    int size() {
      return table.live();
    }

    /**
     * The cell that points the id to this slot, or to any when the slot is NONE; negative without
     * one.
     */
    private int place(SegmentedTable.Segment segment, long hash, long postId, int slot) {
      int cell = segment.home(hash);
      while (true) {
        long word = segment.first(cell);
        if (word == SegmentedTable.EMPTY) {
          return -1;
        }
        boolean found =
            slot == PostBlocks.NONE
                ? holds(word, hash, postId)
                : word == ((hash & TAG) | (slot & 0xFFFF_FFFFL));
        if (found) {
          return cell;
        }
        cell = segment.next(cell);
      }
    }
  }
}
