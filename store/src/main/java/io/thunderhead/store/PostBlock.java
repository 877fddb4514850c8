package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Posts and tombstones of one span of creation time, one cell after the other. A cell never changes
 * once its unit number has been published; that a post is no longer held is said by a bit beside
 * the cells.
 *
 * <pre>
 *  unit (8 bytes)
 *   0   post id                   4217
 *   1   author number 32 | created after the span's start 14 | encoded length 8 | flags 5 | fields 5
 *                                 author 12 | +371 s | 51 | REPLY | IN_REPLY_TO_POST, IN_REPLY_TO_USER
 *   2   the fields that are there, in the order of their bits
 *                                 4199
 *   3                             88
 *   4…  the encoded post          0a 31 08 f9 20 …, padded to a unit
 *  11   next cell
 *
 *  dead   bit 0 clear: post 4217 is held
 * </pre>
 *
 * <p>A tombstone is a cell of two units. Its creation is the time of the delete plus the skew, so
 * that it is over at the same horizon as a post of that creation.
 */
final class PostBlock {
  static final int UNIT_BYTES = 8;
  static final int MAX_CELL_UNITS = 2 + 5 + 32;

  static final int REPLY = 1;
  static final int RETWEET = 2;
  static final int VIDEO = 4;
  static final int TOMBSTONE = 8;

  /** The conversation is the parent: it has no field of its own. */
  static final int PARENT_IS_ROOT = 16;

  static final int IN_REPLY_TO_POST = 1;
  static final int IN_REPLY_TO_USER = 2;
  static final int CONVERSATION = 4;
  static final int SOURCE_POST = 8;
  static final int SOURCE_USER = 16;

  static final int AGE_BITS = 14;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DEAD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle USED;

  static {
    try {
      USED = MethodHandles.lookup().findVarHandle(PostBlock.class, "used", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int number;
  final long span;

  /** Creation times here are from this one, inclusive, to {@link #end}, exclusive. */
  final long start;

  final long end;

  /** Bytes of the span's blocks up to and with this one. */
  final long spanBytes;

  private final int units;
  private final byte[] cells;
  private final long[] dead;

  /** Units taken by whole cells. */
  private int used;

  /** The newest creation of any cell here; the writers'. */
  private long newest;

  PostBlock(int number, long span, long spanSeconds, int units, long spanBytesBefore) {
    this.number = number;
    this.span = span;
    this.start = span * spanSeconds;
    this.end = start + spanSeconds;
    this.units = units;
    this.cells = new byte[units * UNIT_BYTES];
    this.dead = new long[(units + 63) >>> 6];
    this.spanBytes = spanBytesBefore + cells.length;
  }

  /** Whether a cell of so many units still fits. Under the writers' lock. */
  boolean hasRoom(int count) {
    return used + count <= units;
  }

  long newest() {
    return newest;
  }

  /** Where the next cell begins; all before are whole. Any thread. */
  int usedUnits() {
    return (int) USED.getAcquire(this);
  }

  long sizeBytes() {
    return cells.length + 8L * dead.length + 80;
  }

  /** Adds a tombstone, for which there is room; its unit. Under the writers' lock. */
  int addTombstone(long postId, long created) {
    int unit = used;
    put(unit, postId);
    put(unit + 1, ((created - start) << 18) | (TOMBSTONE << 5));
    taken(2, created);
    return unit;
  }

  /** Adds a post, for which there is room; its unit. Under the writers' lock. */
  int addPost(PostFields post, int authorNumber, int flags, int fields) {
    int unit = used;
    put(unit, post.postId);
    put(
        unit + 1,
        ((long) authorNumber << 32)
            | ((post.createdAt - start) << 18)
            | ((long) post.encodedLength << 10)
            | (flags << 5)
            | fields);
    int at = unit + 2;
    at = putField(at, fields & IN_REPLY_TO_POST, post.inReplyToPostId);
    at = putField(at, fields & IN_REPLY_TO_USER, post.inReplyToUserId);
    at = putField(at, fields & CONVERSATION, post.conversationId);
    at = putField(at, fields & SOURCE_POST, post.sourcePostId);
    at = putField(at, fields & SOURCE_USER, post.sourceUserId);
    System.arraycopy(post.encoded, post.encodedOffset, cells, at * UNIT_BYTES, post.encodedLength);
    taken(cellUnits(fields, post.encodedLength), post.createdAt);
    return unit;
  }

  private void taken(int count, long created) {
    newest = Math.max(newest, created);
    USED.setRelease(this, used + count);
  }

  static int flags(PostFields post) {
    int flags = (post.isRetweet ? RETWEET : 0) | (post.hasVideo ? VIDEO : 0);
    if (post.reply()) {
      flags |= REPLY;
      if (post.inReplyToPostId != 0 && post.conversationId == post.inReplyToPostId) {
        flags |= PARENT_IS_ROOT;
      }
    }
    return flags;
  }

  /** The fields worth keeping: what the rules for replies and retweets may have to ask later. */
  static int fields(PostFields post, int flags) {
    int fields = 0;
    if (post.inReplyToPostId != 0) {
      fields |= IN_REPLY_TO_POST;
      fields |= post.inReplyToUserId != 0 ? IN_REPLY_TO_USER : 0;
      boolean ownConversation = post.conversationId != 0 && (flags & PARENT_IS_ROOT) == 0;
      fields |= ownConversation ? CONVERSATION : 0;
    }
    if (post.isRetweet) {
      fields |= post.sourcePostId != 0 ? SOURCE_POST : 0;
      fields |= post.sourceUserId != 0 ? SOURCE_USER : 0;
    }
    return fields;
  }

  static int cellUnits(int fields, int encodedLength) {
    return 2 + Integer.bitCount(fields) + (encodedLength + UNIT_BYTES - 1) / UNIT_BYTES;
  }

  long postId(int unit) {
    return get(unit);
  }

  int authorNumber(int unit) {
    return (int) (get(unit + 1) >>> 32);
  }

  long created(int unit) {
    return start + ((get(unit + 1) >>> 18) & ((1 << AGE_BITS) - 1));
  }

  int flags(int unit) {
    return (int) (get(unit + 1) >>> 5) & 31;
  }

  boolean has(int unit, int flag) {
    return (flags(unit) & flag) != 0;
  }

  long inReplyToPostId(int unit) {
    return field(unit, IN_REPLY_TO_POST);
  }

  long conversationId(int unit) {
    return has(unit, PARENT_IS_ROOT) ? inReplyToPostId(unit) : field(unit, CONVERSATION);
  }

  /** One of the optional ids, 0 when absent. */
  long field(int unit, int field) {
    int fields = (int) get(unit + 1) & 31;
    if ((fields & field) == 0) {
      return 0;
    }
    return get(unit + 2 + Integer.bitCount(fields & (field - 1)));
  }

  int encodedLength(int unit) {
    return (int) (get(unit + 1) >>> 10) & 255;
  }

  int cellUnits(int unit) {
    return cellUnits((int) get(unit + 1) & 31, encodedLength(unit));
  }

  void copyEncoded(int unit, byte[] dst, int at) {
    int fields = Integer.bitCount((int) get(unit + 1) & 31);
    System.arraycopy(cells, (unit + 2 + fields) * UNIT_BYTES, dst, at, encodedLength(unit));
  }

  boolean isDead(int unit) {
    long word = (long) DEAD.getAcquire(dead, unit >>> 6);
    return (word & (1L << unit)) != 0;
  }

  /** Marks a cell as no longer held; false when it was so already. Under the writers' lock. */
  boolean kill(int unit) {
    if (isDead(unit)) {
      return false;
    }
    DEAD.setRelease(dead, unit >>> 6, dead[unit >>> 6] | 1L << unit);
    return true;
  }

  /** Whether a cell is neither dead nor created before the horizon. */
  boolean isLive(int unit, long horizon) {
    return !isDead(unit) && (start >= horizon || created(unit) >= horizon);
  }

  private int putField(int unit, int present, long value) {
    if (present == 0) {
      return unit;
    }
    put(unit, value);
    return unit + 1;
  }

  private long get(int unit) {
    return (long) LONG.get(cells, unit * UNIT_BYTES);
  }

  private void put(int unit, long word) {
    LONG.set(cells, unit * UNIT_BYTES, word);
  }
}
