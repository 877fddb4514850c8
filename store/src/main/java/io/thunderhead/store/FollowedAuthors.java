package io.thunderhead.store;

import java.util.Arrays;

/**
 * The followed authors who have posts within the retention, as one probe of the author table each
 * found them. Newest creations are upper bounds: an author's posts may have left meanwhile, and
 * newer ones are not of this read.
 *
 * <p>How many have posted since when is asked of counts by age, whose classes grow with the age:
 * that is exact enough for a guess, and costs one pass over the authors.
 */
final class FollowedAuthors {
  /** Ages below this are classes of their own; each doubling above has half as many classes. */
  private static final int FINE = 32;

  private static final int CLASSES = FINE * 16;

  private final int[] byAge = new int[CLASSES];
  private long[] ids = new long[64];
  private long[] words = new long[64];
  private int size;
  private long newest;
  private long oldest;

  void reset(int expected) {
    size = 0;
    newest = 0;
    oldest = Long.MAX_VALUE;
    if (ids.length < expected) {
      ids = new long[expected];
      words = new long[expected];
    }
  }

  void add(long id, long word) {
    ids[size] = id;
    words[size++] = word;
    newest = Math.max(newest, AuthorTable.newest(word));
    oldest = Math.min(oldest, AuthorTable.newest(word));
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

  /** Writes down who has posted since then, for which there is room for all; how many they are. */
  int since(long floor, int[] places) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      places[count] = i;
      // Not a branch: nothing could predict it.
      count += newest(i) >= floor ? 1 : 0;
    }
    return count;
  }

  /** Creation of the newest post of all. */
  long newest() {
    return newest;
  }

  /** Counts the authors by age; to be called before the two below. */
  void rank() {
    Arrays.fill(byAge, 0);
    for (int i = 0; i < size; i++) {
      byAge[ageClass(newest - newest(i))]++;
    }
  }

  /**
   * About since when so many authors have posted. More than there are: as many times further back
   * as the one who has been silent longest.
   */
  long sinceRank(float rank) {
    if (rank >= size) {
      return newest - (long) ((newest - oldest + 1) * (rank / size));
    }
    int sum = 0;
    int at = 0;
    while (at < CLASSES - 1 && sum + byAge[at] < rank) {
      sum += byAge[at++];
    }
    return newest - lastAge(at);
  }

  /** The inverse of {@link #sinceRank}. */
  float rankSince(long since) {
    if (since <= oldest) {
      return size * ((float) (newest - since + 1) / (newest - oldest + 1));
    }
    int until = ageClass(newest - since);
    int sum = 0;
    for (int at = 0; at <= until; at++) {
      sum += byAge[at];
    }
    return sum;
  }

  private static int ageClass(long age) {
    if (age < FINE) {
      return (int) age;
    }
    int shift = Long.SIZE - 5 - Long.numberOfLeadingZeros(age);
    return Math.min(CLASSES - 1, FINE / 2 * (shift + 1) + (int) (age >>> shift) - FINE / 2);
  }

  private static long lastAge(int ageClass) {
    if (ageClass < FINE) {
      return ageClass;
    }
    int shift = ageClass / (FINE / 2) - 1;
    long first = ageClass % (FINE / 2) + FINE / 2L;
    return ((first + 1) << shift) - 1;
  }
}
