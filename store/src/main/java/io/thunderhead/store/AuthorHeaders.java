package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Four words for each author: the id and, for each of the three timelines, the one word that says
 * where it is and which part of it is valid. Authors have small numbers, so that a cell of a post
 * and one of the author table need few bits to name one.
 *
 * <pre>
 *  number 12   [ 88 | originals: place, 1 to 3 | secondary: none | videos: none ]
 *  number 13   [ 0, free                                                         ]
 * </pre>
 *
 * <p>Reading is for any thread, the rest under the writers' lock. A number is given again only when
 * no reader can know it any more: see {@link Limbo}.
 */
final class AuthorHeaders {
  /** Numbers stay below this, as cells have so many bits for them. */
  static final int MAX_AUTHORS = 1 << 29;

  static final int NONE = -1;

  private static final int CHUNK_BITS = 11;
  private static final int WORDS = 4;
  private static final int ARRAY_BYTES = 16;
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final StoreBytes storeBytes;
  private volatile long[] @Nullable [] chunks = new long[16][];
  private int chunkCount;
  private int[] free = new int[16];
  private int freeCount;
  private int next;
  private long counted;

  AuthorHeaders(StoreBytes storeBytes) {
    this.storeBytes = storeBytes;
    count();
  }

  /** Whose number this is or was; 0 when it is nobody's. Any thread. */
  long id(int number) {
    long[] chunk = chunk(number);
    return chunk == null ? 0 : (long) WORD.getAcquire(chunk, at(number));
  }

  /** One of an author's timelines, as it is now. Any thread. */
  long timeline(int number, int kind) {
    long[] chunk = chunk(number);
    return chunk == null ? Timelines.EMPTY : (long) WORD.getAcquire(chunk, at(number) + 1 + kind);
  }

  void setTimeline(int number, int kind, long timeline) {
    WORD.setRelease(chunk(number), at(number) + 1 + kind, timeline);
  }

  /** A number for an author without posts; {@link #NONE} when there is none left. */
  int add(long id) {
    if (freeCount == 0 && next == MAX_AUTHORS) {
      return NONE;
    }
    int number = freeCount > 0 ? free[--freeCount] : next++;
    if (number >>> CHUNK_BITS == chunkCount) {
      addChunk();
    }
    WORD.setRelease(chunk(number), at(number), id);
    return number;
  }

  /** Takes the author out of sight; the number stays taken until {@link #free}. */
  void leave(int number) {
    long[] chunk = chunk(number);
    Arrays.fill(chunk, at(number) + 1, at(number) + WORDS, Timelines.EMPTY);
    WORD.setRelease(chunk, at(number), 0L);
  }

  void free(int number) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
      count();
    }
    free[freeCount++] = number;
  }

  /** Takes every author out of sight; their numbers, below this one, stay taken. */
  int leaveAll() {
    for (int number = 0; number < next; number++) {
      leave(number);
    }
    freeCount = 0;
    return next;
  }

  /** Forgets every number. No author may be left, nor any number be waiting. */
  void clear() {
    chunks = new long[16][];
    chunkCount = 0;
    free = new int[16];
    freeCount = 0;
    next = 0;
    count();
  }

  /** Every number in use is below this one. */
  int bound() {
    return next;
  }

  long sizeBytes() {
    return chunkCount * (ARRAY_BYTES + ((8L * WORDS) << CHUNK_BITS))
        + 4L * chunks.length
        + 4L * free.length;
  }

  private void addChunk() {
    long[] @Nullable [] all = chunks;
    if (chunkCount == all.length) {
      all = Arrays.copyOf(all, chunkCount * 2);
    }
    all[chunkCount++] = new long[WORDS << CHUNK_BITS];
    chunks = all;
    count();
  }

  private long @Nullable [] chunk(int number) {
    long[] @Nullable [] all = chunks;
    int chunk = number >>> CHUNK_BITS;
    return chunk < all.length ? all[chunk] : null;
  }

  private static int at(int number) {
    return (number & ((1 << CHUNK_BITS) - 1)) * WORDS;
  }

  private void count() {
    long now = sizeBytes();
    storeBytes.add(now - counted);
    counted = now;
  }
}
