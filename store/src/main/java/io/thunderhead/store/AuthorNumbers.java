package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Small numbers for authors, so that a cell needs four bytes to name one. A number is used again at
 * once after its author has left: whoever looks one up without the author's lock compares the id.
 */
final class AuthorNumbers {
  private static final int CHUNK = 1024;
  private static final VarHandle AUTHOR = MethodHandles.arrayElementVarHandle(Author[].class);

  private volatile @Nullable Author[][] chunks = new @Nullable Author[0][];
  // Guarded by this.
  private int[] free = new int[16];
  private int freeCount;
  private int next;
  private int live;
  private long counted;
  private final StoreBytes storeBytes;

  AuthorNumbers(StoreBytes storeBytes) {
    this.storeBytes = storeBytes;
    count();
  }

  /** Any thread; null when nobody has this number. */
  @Nullable Author get(int number) {
    @Nullable Author[][] all = chunks;
    int chunk = number / CHUNK;
    return chunk < all.length ? (Author) AUTHOR.getAcquire(all[chunk], number % CHUNK) : null;
  }

  synchronized Author add(long id) {
    int number = freeCount > 0 ? free[--freeCount] : next++;
    @Nullable Author[][] all = chunks;
    if (number / CHUNK == all.length) {
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = new @Nullable Author[CHUNK];
      chunks = all;
    }
    Author author = new Author(id, number);
    AUTHOR.setRelease(all[number / CHUNK], number % CHUNK, author);
    live++;
    count();
    return author;
  }

  synchronized void remove(Author author) {
    AUTHOR.setRelease(chunks[author.number / CHUNK], author.number % CHUNK, null);
    live--;
    if (live == 0) {
      clear();
      return;
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = author.number;
    count();
  }

  synchronized int bound() {
    return next;
  }

  synchronized void clear() {
    chunks = new @Nullable Author[0][];
    free = new int[16];
    freeCount = 0;
    next = 0;
    live = 0;
    count();
  }

  private void count() {
    long now = sizeBytes();
    storeBytes.add(now - counted);
    counted = now;
  }

  synchronized long sizeBytes() {
    return chunks.length * (4L * CHUNK + 20) + 4L * free.length + (long) live * Author.SIZE_BYTES;
  }
}
