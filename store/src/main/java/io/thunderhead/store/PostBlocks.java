package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All blocks of posts, by number, and the one that is being filled for each span of creation time.
 * A block leaves whole; readers that still hold it are served from it until they let go, and its
 * number is used again only when no timeline entry that could name it is within the retention any
 * more.
 *
 * <pre>
 *  slot = block number 16 | unit 16              open, by span modulo its length
 *  blocks  1 → span 411 (4 KiB, full)              411 → 7
 *          2 → span 412 (4 KiB)                    412 → 2
 *          3 → none: dropped, resting until 09:12  413 → none yet
 *          7 → span 411 (5 KiB)
 * </pre>
 *
 * <p>{@link #of} and {@link #touch} are for any thread, the rest is called under the writers' lock.
 * Blocks of a span grow with what the span holds already, so that a small store stays small and a
 * large one wastes little.
 */
final class PostBlocks {
  static final int NONE = 0;

  private static final int FIRST_BYTES = 2048;

  /** As many units as a slot can name, less than half of the smallest region of G1. */
  private static final int MAX_BYTES = 252 * 1024;

  /** A new block is this part of what its span holds. */
  private static final int GROWTH = 8;

  private static final int MAX_BLOCKS = 65_534;
  private static final int FIRST_NUMBERS = 64;
  private static final int USUAL_SPANS = 64;
  private static final VarHandle BLOCK = MethodHandles.arrayElementVarHandle(PostBlock[].class);
  private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(long[][].class);

  private final long restSeconds;
  private final long spanSeconds;
  private volatile @Nullable PostBlock[] byNumber = new @Nullable PostBlock[FIRST_NUMBERS];

  /** The blocks' own, so that asking whether a post is held is two loads. */
  private volatile long[] @Nullable [] states = new long[FIRST_NUMBERS][];

  // The rest is the writers'.
  private final @Nullable PostBlock[] open;
  private final ShortForm form = new ShortForm();
  private final ArrayDeque<Resting> resting = new ArrayDeque<>();
  private int highest;
  private int count;
  private long bytes;
  private long posts;
  private long tombstones;
  private final StoreBytes storeBytes;

  PostBlocks(StoreConfig config, StoreBytes storeBytes) {
    this.storeBytes = storeBytes;
    spanSeconds =
        Math.min((1 << PostBlock.AGE_BITS) - 1, config.retentionSeconds() / USUAL_SPANS + 1);
    restSeconds = config.retentionSeconds() + config.futureSkewSeconds();
    open = new @Nullable PostBlock[(int) (restSeconds / spanSeconds) + 3];
  }

  static int number(int slot) {
    return slot >>> 16;
  }

  static int unit(int slot) {
    return slot & 0xFFFF;
  }

  /** The block of a slot; null once it has been dropped. */
  @Nullable PostBlock of(int slot) {
    @Nullable PostBlock[] all = byNumber;
    int number = number(slot);
    return number < all.length ? (PostBlock) BLOCK.getAcquire(all, number) : null;
  }

  /** Whether a slot's cell is neither dead nor created before the horizon. */
  boolean isLive(int slot, long horizon) {
    long[] @Nullable [] all = states;
    int number = number(slot);
    long[] state = number < all.length ? (long[]) STATE.getAcquire(all, number) : null;
    if (state == null || PostBlock.isDead(state, unit(slot))) {
      return false;
    }
    if (state[0] >= horizon) {
      return true;
    }
    PostBlock block = of(slot);
    return block != null && block.isLive(unit(slot), horizon);
  }

  /** Loads the beginning of a cell, to no other end. */
  long touch(int slot) {
    return postId(slot);
  }

  /** Loads what says whether a cell is dead, to no other end. */
  long touchState(int slot) {
    long[] @Nullable [] all = states;
    int number = number(slot);
    long[] state = number < all.length ? (long[]) STATE.getAcquire(all, number) : null;
    return state == null || !PostBlock.isDead(state, unit(slot)) ? 0 : 1;
  }

  /** The id in a slot's cell; 0 once its block has been dropped. */
  long postId(int slot) {
    PostBlock block = of(slot);
    return block == null ? 0 : block.postId(unit(slot));
  }

  /** Whether a slot's cell is there and not dead. */
  boolean isHeld(int slot) {
    PostBlock block = of(slot);
    return block != null && !block.isDead(unit(slot));
  }

  /** Writes a post; {@link #NONE} when there is no block left. */
  int append(PostFields post, int authorNumber, long clock) {
    int flags = PostBlock.flags(post);
    int fields = PostBlock.fields(post, flags);
    form.take(post, fields);
    PostBlock block = open(post.createdAt, PostBlock.cellUnits(form), clock);
    if (block == null) {
      return NONE;
    }
    posts++;
    return block.number << 16 | block.addPost(post, authorNumber, flags, form);
  }

  /** Writes a tombstone; {@link #NONE} when there is no block left. */
  int appendTombstone(long postId, long created, long clock) {
    PostBlock block = open(created, PostBlock.TOMBSTONE_UNITS, clock);
    if (block == null) {
      return NONE;
    }
    tombstones++;
    return block.number << 16 | block.addTombstone(postId, created);
  }

  /** Marks a cell as no longer held; false when it was so already. */
  boolean kill(int slot) {
    PostBlock block = of(slot);
    return block != null && kill(block, unit(slot));
  }

  boolean kill(PostBlock block, int unit) {
    if (!block.kill(unit)) {
      return false;
    }
    if (block.has(unit, PostBlock.TOMBSTONE)) {
      tombstones--;
    } else {
      posts--;
    }
    return true;
  }

  /** Any block that holds nothing from the horizon on. */
  @Nullable PostBlock expired(long horizon) {
    @Nullable PostBlock[] all = byNumber;
    for (int number = 1; number <= highest; number++) {
      PostBlock block = all[number];
      if (block != null && block.newest() < horizon) {
        return block;
      }
    }
    return null;
  }

  /** The newest creation in that block which has the oldest one, or −1 without blocks. */
  long oldestNewest() {
    long oldest = Long.MAX_VALUE;
    @Nullable PostBlock[] all = byNumber;
    for (int number = 1; number <= highest; number++) {
      PostBlock block = all[number];
      if (block != null) {
        oldest = Math.min(oldest, block.newest());
      }
    }
    return oldest == Long.MAX_VALUE ? -1 : oldest;
  }

  /** Lets a block go. */
  void drop(PostBlock block, long clock) {
    BLOCK.setRelease(byNumber, block.number, null);
    STATE.setRelease(states, block.number, null);
    if (open[openIndex(block.span)] == block) {
      open[openIndex(block.span)] = null;
    }
    resting.add(new Resting(block.number, clock + restSeconds));
    count--;
    bytes -= block.sizeBytes();
    storeBytes.add(-block.sizeBytes());
  }

  /** Empties everything. */
  void clear() {
    Arrays.fill(open, null);
    byNumber = new @Nullable PostBlock[FIRST_NUMBERS];
    states = new long[FIRST_NUMBERS][];
    resting.clear();
    highest = 0;
    count = 0;
    storeBytes.add(-bytes);
    bytes = 0;
    posts = 0;
    tombstones = 0;
  }

  long posts() {
    return posts;
  }

  long tombstones() {
    return tombstones;
  }

  int count() {
    return count;
  }

  long sizeBytes() {
    return bytes;
  }

  /** The blocks in use, for the validator of tests. */
  PostBlock[] all() {
    PostBlock[] found = new PostBlock[count];
    int at = 0;
    for (PostBlock block : byNumber) {
      if (block != null) {
        found[at++] = block;
      }
    }
    return found;
  }

  /** A block of the span of this creation with room for so many units; null without one. */
  private @Nullable PostBlock open(long created, int units, long clock) {
    long span = created / spanSeconds;
    PostBlock block = open[openIndex(span)];
    boolean sameSpan = block != null && block.span == span;
    if (block != null && sameSpan && block.hasRoom(units)) {
      return block;
    }
    return openNext(span, sameSpan ? block : null, clock);
  }

  private @Nullable PostBlock openNext(long span, @Nullable PostBlock before, long clock) {
    int number = nextNumber(clock);
    if (number == NONE) {
      return null;
    }
    long spanBytes = before == null ? 0 : before.spanBytes;
    int size = (int) Math.max(FIRST_BYTES, Math.min(MAX_BYTES, spanBytes / GROWTH));
    PostBlock block =
        new PostBlock(number, span, spanSeconds, size / PostBlock.UNIT_BYTES, spanBytes);
    count++;
    bytes += block.sizeBytes();
    storeBytes.add(block.sizeBytes());
    place(block);
    open[openIndex(span)] = block;
    return block;
  }

  private void place(PostBlock block) {
    if (block.number >= byNumber.length) {
      byNumber = Arrays.copyOf(byNumber, byNumber.length * 2);
      states = Arrays.copyOf(states, states.length * 2);
    }
    BLOCK.setRelease(byNumber, block.number, block);
    STATE.setRelease(states, block.number, block.state);
  }

  private int nextNumber(long clock) {
    Resting first = resting.peek();
    if (first != null && first.until < clock) {
      resting.remove();
      return first.number;
    }
    return highest < MAX_BLOCKS ? ++highest : NONE;
  }

  private int openIndex(long span) {
    return (int) (span % open.length);
  }

  private record Resting(int number, long until) {}
}
