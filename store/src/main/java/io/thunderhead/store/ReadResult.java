package io.thunderhead.store;

import java.util.Arrays;
import java.util.Objects;

/**
 * The answer of one read, newest first by (created_at, post_id). It belongs to its reader and holds
 * until that reader's next read.
 */
public final class ReadResult {
  /** For one more post and what copying it may overwrite. */
  private static final int ROOM = PostStore.MAX_ENCODED_BYTES + Varint.SLACK;

  private final ReadStatistics retrieved = new ReadStatistics();
  private final ReadStatistics scored = new ReadStatistics();
  private long[] postIds = new long[64];
  private long[] authorIds = new long[64];
  private long[] created = new long[64];
  private byte[] encoded = new byte[4096];
  private int[] ends = new int[64];
  private int count;
  private boolean stopped;
  private boolean windowShort;
  private int authorsRequested;
  private int authorsSearched;

  ReadResult() {}

  public int count() {
    return count;
  }

  public long postId(int i) {
    return postIds[checked(i)];
  }

  public long authorId(int i) {
    return authorIds[checked(i)];
  }

  /** UNIX seconds. */
  public long createdAt(int i) {
    return created[checked(i)];
  }

  /** Bytes of all encoded posts together. */
  public int encodedLength() {
    return count == 0 ? 0 : ends[count - 1];
  }

  /** Copies all encoded posts, concatenated, newest first. */
  public void copyTo(byte[] dst, int at) {
    System.arraycopy(encoded, 0, dst, at, encodedLength());
  }

  /** Where post i begins in what {@link #copyTo} copies. */
  public int encodedOffset(int i) {
    return checked(i) == 0 ? 0 : ends[i - 1];
  }

  /** Length of the encoded form of post i. */
  public int encodedLength(int i) {
    return ends[checked(i)] - encodedOffset(i);
  }

  /** Whether the {@link StopSignal} ended the read early. */
  public boolean stopped() {
    return stopped;
  }

  /**
   * Whether posts within the retention may be missing because the memory budget has made the oldest
   * leave.
   */
  public boolean windowShort() {
    return windowShort;
  }

  /** Distinct authors asked for. */
  public int authorsRequested() {
    return authorsRequested;
  }

  /** Those of them whose posts were considered, none among them; all, unless stopped. */
  public int authorsSearched() {
    return authorsSearched;
  }

  /** About the posts that were examined and found fit, before the cut to the newest. */
  public ReadStatistics retrieved() {
    return retrieved;
  }

  /** About the posts of the answer. */
  public ReadStatistics scored() {
    return scored;
  }

  void clear(int requested) {
    count = 0;
    stopped = false;
    authorsRequested = requested;
    authorsSearched = requested;
    retrieved.clear();
    scored.clear();
  }

  void tellWindow(boolean isShort) {
    windowShort = isShort;
  }

  void stop(int searched) {
    stopped = true;
    authorsSearched = searched;
  }

  void add(long postId, long authorId, PostBlock block, int unit) {
    int begin = encodedLength();
    if (count == postIds.length) {
      int capacity = count * 2;
      postIds = Arrays.copyOf(postIds, capacity);
      authorIds = Arrays.copyOf(authorIds, capacity);
      created = Arrays.copyOf(created, capacity);
      ends = Arrays.copyOf(ends, capacity);
    }
    if (begin + ROOM > encoded.length) {
      encoded = Arrays.copyOf(encoded, encoded.length * 2);
    }
    postIds[count] = postId;
    authorIds[count] = authorId;
    created[count] = block.created(unit);
    ends[count++] = block.copyEncoded(unit, authorId, encoded, begin);
    scored.add(block.created(unit), block.has(unit, PostBlock.REPLY));
  }

  private int checked(int i) {
    return Objects.checkIndex(i, count);
  }
}
