package io.thunderhead.store;

/**
 * The followed authors who have posts within the retention, as one probe of the author table each
 * found them. Newest creations are upper bounds: an author's posts may have left meanwhile, and
 * newer ones are not of this read.
 */
final class FollowedAuthors {
  private long[] ids = new long[64];
  private long[] words = new long[64];
  private long[] scratch = new long[64];
  private int size;

  void reset(int expected) {
    size = 0;
    if (ids.length < expected) {
      ids = new long[expected];
      words = new long[expected];
      scratch = new long[expected];
    }
  }

  void add(long id, long word) {
    ids[size] = id;
    words[size++] = word;
  }

  int size() {
    return size;
  }

  long id(int i) {
    return ids[i];
  }

  int number(int i) {
    return AuthorTable.number(words[i]);
  }

  long newest(int i) {
    return AuthorTable.newest(words[i]);
  }

  /**
   * The newest creation of the author who has that many at least as new as himself, himself among
   * them; from 1 to the size.
   */
  long newestOfRank(int rank) {
    for (int i = 0; i < size; i++) {
      scratch[i] = words[i] >>> 32;
    }
    int wanted = size - rank;
    int low = 0;
    int high = size - 1;
    while (low < high) {
      long pivot = median(scratch[low], scratch[(low + high) >>> 1], scratch[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (scratch[i] < pivot) {
          i++;
        }
        while (scratch[j] > pivot) {
          j--;
        }
        if (i <= j) {
          long swap = scratch[i];
          scratch[i++] = scratch[j];
          scratch[j--] = swap;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        return scratch[wanted];
      }
    }
    return scratch[wanted];
  }

  private static long median(long a, long b, long c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
