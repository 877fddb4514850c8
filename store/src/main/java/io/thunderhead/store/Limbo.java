package io.thunderhead.store;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * What has been taken out of readers' sight and waits until those who might have found it before
 * are done. First in, first out; under the writers' lock.
 */
final class Limbo {
  /** So many, or so many words, come together before the readers are asked: that costs a fence. */
  private static final int ROUND = 512;

  private static final int ROUND_WORDS = 16 << 10;

  private final ReaderEpochs epochs;
  private final LongConsumer freed;
  private long[] items = new long[2 * ROUND];
  private long[] since = new long[2 * ROUND];
  private int first;
  private int count;
  private int newlyIn;
  private int newWords;

  /** Hands over what may be used again. */
  Limbo(ReaderEpochs epochs, LongConsumer freed) {
    this.epochs = epochs;
    this.freed = freed;
  }

  /** Something of so many words begins to wait. */
  void add(long item, int words) {
    if (count == items.length) {
      grow();
    }
    int at = (first + count++) & (items.length - 1);
    items[at] = item;
    since[at] = epochs.now();
    newlyIn++;
    newWords += words;
    if (newlyIn >= ROUND || newWords >= ROUND_WORDS) {
      release();
    }
  }

  /** Lets go of what no reader holds any more. */
  void release() {
    newlyIn = 0;
    newWords = 0;
    if (count == 0) {
      return;
    }
    long oldest = epochs.advance();
    while (count > 0 && since[first] < oldest) {
      long item = items[first];
      first = (first + 1) & (items.length - 1);
      count--;
      freed.accept(item);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Forgets what waits, since all of it is to be given back in another way. */
  void clear() {
    count = 0;
    newlyIn = 0;
    newWords = 0;
  }

  private void grow() {
    int length = items.length;
    long[] moreItems = Arrays.copyOf(items, length * 2);
    long[] moreSince = Arrays.copyOf(since, length * 2);
    for (int i = 0; i < count; i++) {
      moreItems[i] = items[(first + i) & (length - 1)];
      moreSince[i] = since[(first + i) & (length - 1)];
    }
    items = moreItems;
    since = moreSince;
    first = 0;
  }
}
