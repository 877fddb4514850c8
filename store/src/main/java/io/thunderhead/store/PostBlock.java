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
 *  byte
 *    0   post id                  4217
 *    8   author number 29 | created after the span's start 14 | body length 8 | flags 5 | ids 8
 *                                 author 12 | +371 s | 33 | REPLY | OWN_ID, AUTHOR_ID, IN_REPLY_TO_POST
 *   16   a place for each of these ids, in the order of their bits
 *                                 3, 4, 11
 *   19   the body of the {@link ShortForm}
 *                                 0a 31 08 10 18 …
 *   52   ids that stand behind the body, 8 bytes each; none, usually
 *   52   next cell, at a unit of 4 bytes
 *
 *  state  the span's start | bit 0 clear: post 4217 is held
 * </pre>
 *
 * <p>A tombstone is a cell of 16 bytes. Its creation is the time of the delete plus the skew, so
 * that it is over at the same horizon as a post of that creation.
 */
final class PostBlock {
  static final int UNIT_BYTES = 4;
  static final int TOMBSTONE_UNITS = 4;

  private static final int HEAD_BYTES = 16;

  /** The shortest cell: no two begin in the same stretch of so many units. */
  private static final int LEAST_UNITS_SHIFT = 2;

  static final int REPLY = 1;
  static final int RETWEET = 2;
  static final int VIDEO = 4;
  static final int TOMBSTONE = 8;

  /** The conversation is the parent: it has no field of its own. */
  static final int PARENT_IS_ROOT = 16;

  // Ids that are kept, beside those of ShortForm.

  static final int IN_REPLY_TO_POST = 8;
  static final int IN_REPLY_TO_USER = 16;
  static final int CONVERSATION = 32;
  static final int SOURCE_POST = 64;
  static final int SOURCE_USER = 128;

  static final int AGE_BITS = 14;

  private static final int NUMBER_SHIFT = 35;
  private static final int AGE_SHIFT = 21;
  private static final int LENGTH_SHIFT = 13;
  private static final int FLAGS_SHIFT = 8;
  private static final int IDS = 255;

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

  /** What readers ask most, in one array: {@link #start}, then a bit for each cell that is dead. */
  final long[] state;

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
    this.cells = new byte[units * UNIT_BYTES + Varint.SLACK];
    this.state = new long[(units >>> LEAST_UNITS_SHIFT) / Long.SIZE + 2];
    this.state[0] = start;
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
    return cells.length + 8L * state.length + 80;
  }

  /** Adds a tombstone, for which there is room; its unit. Under the writers' lock. */
  int addTombstone(long postId, long created) {
    int unit = used;
    int at = unit * UNIT_BYTES;
    put(at, postId);
    put(at + 8, (created - start) << AGE_SHIFT | TOMBSTONE << FLAGS_SHIFT);
    taken(TOMBSTONE_UNITS, created);
    return unit;
  }

  /** Adds a post, for which there is room; its unit. Under the writers' lock. */
  int addPost(PostFields post, int authorNumber, int flags, ShortForm form) {
    int unit = used;
    int at = unit * UNIT_BYTES;
    put(at, post.postId);
    put(
        at + 8,
        (long) authorNumber << NUMBER_SHIFT
            | (post.createdAt - start) << AGE_SHIFT
            | (long) form.bodyLength() << LENGTH_SHIFT
            | flags << FLAGS_SHIFT
            | form.ids());
    at += HEAD_BYTES;
    for (int rest = form.ids(); rest != 0; rest &= rest - 1) {
      cells[at++] = (byte) form.place(Integer.numberOfTrailingZeros(rest));
    }
    System.arraycopy(form.body, 0, cells, at, form.bodyLength());
    at += form.bodyLength();
    for (int rest = form.ids() & ~ShortForm.TAKEN_OUT; rest != 0; rest &= rest - 1) {
      int kind = Integer.numberOfTrailingZeros(rest);
      if (form.place(kind) == ShortForm.BEHIND) {
        put(at, form.field(kind));
        at += 8;
      }
    }
    taken(cellUnits(form), post.createdAt);
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

  static int cellUnits(ShortForm form) {
    return cellUnits(form.ids(), form.bodyLength(), form.behind());
  }

  private static int cellUnits(int ids, int bodyLength, int behind) {
    int bytes = HEAD_BYTES + Integer.bitCount(ids) + bodyLength + 8 * behind;
    return (bytes + UNIT_BYTES - 1) / UNIT_BYTES;
  }

  long postId(int unit) {
    return get(unit * UNIT_BYTES);
  }

  int authorNumber(int unit) {
    return (int) (facts(unit) >>> NUMBER_SHIFT);
  }

  long created(int unit) {
    return start + ((facts(unit) >>> AGE_SHIFT) & ((1 << AGE_BITS) - 1));
  }

  int flags(int unit) {
    return (int) (facts(unit) >>> FLAGS_SHIFT) & 31;
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
    long facts = facts(unit);
    int ids = ids(facts);
    if ((ids & field) == 0) {
      return 0;
    }
    int places = unit * UNIT_BYTES + HEAD_BYTES;
    int body = places + Integer.bitCount(ids);
    int place = cells[places + Integer.bitCount(ids & (field - 1))] & 255;
    return place == ShortForm.BEHIND
        ? get(body + bodyLength(facts) + 8 * behind(places, ids, field - 1))
        : Varint.get(cells, body + place);
  }

  int cellUnits(int unit) {
    long facts = facts(unit);
    int ids = ids(facts);
    return cellUnits(ids, bodyLength(facts), behind(unit * UNIT_BYTES + HEAD_BYTES, ids, IDS));
  }

  /**
   * Copies the encoded form of a post of this author; where it ends. Up to {@link Varint#SLACK}
   * bytes behind it may be overwritten.
   */
  int copyEncoded(int unit, long authorId, byte[] dst, int at) {
    long facts = facts(unit);
    int place = unit * UNIT_BYTES + HEAD_BYTES;
    int body = place + Integer.bitCount(ids(facts));
    int from = body;
    int to = at;
    if ((facts & ShortForm.OWN_ID) != 0) {
      int until = body + (cells[place++] & 255);
      to = Varint.put(dst, copy(from, until, dst, to), postId(unit));
      from = until;
    }
    if ((facts & ShortForm.AUTHOR_ID) != 0) {
      int until = body + (cells[place++] & 255);
      to = Varint.put(dst, copy(from, until, dst, to), authorId);
      from = until;
    }
    if ((facts & ShortForm.OWN_ID_AGAIN) != 0) {
      int until = body + (cells[place] & 255);
      to = Varint.put(dst, copy(from, until, dst, to), postId(unit));
      from = until;
    }
    return copy(from, body + bodyLength(facts), dst, to);
  }

  boolean isDead(int unit) {
    return isDead(state, unit);
  }

  /** Whether a cell of the block with this {@link #state} is dead. */
  static boolean isDead(long[] state, int unit) {
    long word = (long) DEAD.getAcquire(state, deadWord(unit));
    return (word & deadBit(unit)) != 0;
  }

  /** Marks a cell as no longer held; false when it was so already. Under the writers' lock. */
  boolean kill(int unit) {
    if (isDead(unit)) {
      return false;
    }
    DEAD.setRelease(state, deadWord(unit), state[deadWord(unit)] | deadBit(unit));
    return true;
  }

  /** Whether a cell is neither dead nor created before the horizon. */
  boolean isLive(int unit, long horizon) {
    return !isDead(unit) && (start >= horizon || created(unit) >= horizon);
  }

  private static int deadWord(int unit) {
    return 1 + (unit >>> LEAST_UNITS_SHIFT) / Long.SIZE;
  }

  private static long deadBit(int unit) {
    return 1L << (unit >>> LEAST_UNITS_SHIFT);
  }

  private static int ids(long facts) {
    return (int) facts & IDS;
  }

  private static int bodyLength(long facts) {
    return (int) (facts >>> LENGTH_SHIFT) & 255;
  }

  /** How many of the kept ids in a mask stand behind the body. */
  private int behind(int places, int ids, int mask) {
    int count = 0;
    int at = places + Integer.bitCount(ids & ShortForm.TAKEN_OUT);
    for (int rest = ids & mask & ~ShortForm.TAKEN_OUT; rest != 0; rest &= rest - 1) {
      count += (cells[at++] & 255) == ShortForm.BEHIND ? 1 : 0;
    }
    return count;
  }

  /** Copies whole words, since stretches are short; where the stretch ends. */
  private int copy(int from, int until, byte[] dst, int at) {
    int to = at;
    for (int word = from; word < until; word += 8) {
      LONG.set(dst, to, get(word));
      to += 8;
    }
    return at + until - from;
  }

  private long facts(int unit) {
    return get(unit * UNIT_BYTES + 8);
  }

  private long get(int at) {
    return (long) LONG.get(cells, at);
  }

  private void put(int at, long word) {
    LONG.set(cells, at, word);
  }
}
