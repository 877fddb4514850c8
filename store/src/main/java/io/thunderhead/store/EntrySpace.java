package io.thunderhead.store;

import java.util.Arrays;

/**
 * The memory of all timelines: ranges of words in segments of 8 to 64 KiB, so that a list costs no
 * object and a reader finds it with one load. A segment has ranges of one size only; a long list
 * has a segment of its own. Each segment has a length of its own to be loaded, so they grow with
 * what there is of their size.
 *
 * <pre>
 *  place = segment 18 | word 13
 *  segment 1, ranges of 6   [ list | list | free ─┐ | list | free ◀┘| never used …
 *  segment 2, ranges of 24  [ list                    | list                     | …
 *  segment 3, its own       [ a list of 900 words ]
 * </pre>
 *
 * <p>Call it under the writers' lock, but for {@link #words}, which any thread may that knows a
 * place. A place may be freed only when no reader can know it any more: see {@link Limbo}.
 */
final class EntrySpace {
  private static final int WORD_BITS = 13;
  private static final int LARGEST_WORDS = 1 << WORD_BITS;
  private static final int SMALLEST_WORDS = 1 << 10;

  /** A new segment is this part of what there is of its size. */
  private static final int GROWTH = 32;

  private static final int MAX_SEGMENTS = 1 << 18;

  /** Numbers kept for what makes lists shorter. */
  private static final int RESERVE = 1024;

  /** Longer ranges get a segment of their own. */
  private static final int MAX_SHARED = 128;

  /** The array's head, its reference, and the six figures of its segment. */
  private static final int OVERHEAD_BYTES = 16 + 4 + 6 * 4;

  /** Sizes of ranges: small lists exactly, larger ones by steps of an eighth. */
  private static final int[] SIZES = {
    2, 3, 4, 6, 8, 9, 12, 15, 18, 21, 24, 27, 30, 36, 42, 48, 54, 60, 68, 78, 90, 102, 114, 128
  };

  private static final long[] NO_WORDS = {};

  private final StoreBytes storeBytes;
  private volatile long[][] segments = new long[16][];

  // Per segment; the rest is the writers'.
  private int[] size = new int[16];
  private int[] used = new int[16];
  private int[] live = new int[16];

  /** First of the freed ranges, plus one; each holds the next in its first word. */
  private int[] freed = new int[16];

  private int[] next = new int[16];
  private int[] previous = new int[16];

  /** By size, the first segment with room; 0 for none. */
  private final int[] withRoom = new int[MAX_SHARED + 1];

  /** By size, the words of all segments. */
  private final long[] sizeWords = new long[MAX_SHARED + 1];

  private int[] freeNumbers = new int[16];
  private int freeNumberCount;
  private int highest;
  private int ranges;
  private long bytes;

  EntrySpace(StoreBytes storeBytes) {
    this.storeBytes = storeBytes;
    Arrays.fill(segments, NO_WORDS);
  }

  /** The array that a place lies in; without words when it is free. Any thread. */
  long[] words(int place) {
    return segments[place >>> WORD_BITS];
  }

  /** Where in its array a place is. */
  static int offset(int place) {
    return place & (LARGEST_WORDS - 1);
  }

  /** How many words there are from a place on. */
  int capacity(int place) {
    return size[place >>> WORD_BITS];
  }

  /** Whether there are numbers left for what makes lists longer. */
  boolean hasRoom() {
    return freeNumberCount + MAX_SEGMENTS - highest > RESERVE;
  }

  /** Takes at least so many words, of any content. */
  int allocate(int words) {
    int wanted = words > MAX_SHARED ? words : SIZES[sizeIndex(words)];
    int segment = words > MAX_SHARED ? 0 : withRoom[wanted];
    if (segment == 0) {
      segment = addSegment(wanted);
    }
    int at = freed[segment] - 1;
    long[] array = words(segment << WORD_BITS);
    if (at >= 0) {
      freed[segment] = (int) array[at];
    } else {
      at = used[segment];
      used[segment] += wanted;
    }
    live[segment]++;
    ranges++;
    if (freed[segment] == 0 && used[segment] + wanted > array.length && wanted <= MAX_SHARED) {
      takeFromList(segment);
    }
    return segment << WORD_BITS | at;
  }

  /** Gives a place back. */
  void free(int place) {
    int segment = place >>> WORD_BITS;
    long[] array = words(place);
    boolean shared = size[segment] <= MAX_SHARED;
    boolean hadRoom = freed[segment] != 0 || used[segment] + size[segment] <= array.length;
    live[segment]--;
    ranges--;
    if (live[segment] == 0) {
      if (shared && hadRoom) {
        takeFromList(segment);
      }
      dropSegment(segment);
      return;
    }
    array[offset(place)] = freed[segment];
    freed[segment] = offset(place) + 1;
    if (!hadRoom) {
      putOnList(segment);
    }
  }

  /** Ranges that are taken. */
  int ranges() {
    return ranges;
  }

  long sizeBytes() {
    return bytes;
  }

  /** Forgets everything, for {@link #dropSegment} of each of these segments later. */
  int[] abandon() {
    int[] abandoned = new int[highest];
    int count = 0;
    for (int segment = 1; segment <= highest; segment++) {
      if (words(segment << WORD_BITS).length > 0) {
        abandoned[count++] = segment;
      }
    }
    Arrays.fill(withRoom, 0);
    ranges = 0;
    return Arrays.copyOf(abandoned, count);
  }

  void dropSegment(int segment) {
    long[] array = words(segment << WORD_BITS);
    count(-OVERHEAD_BYTES - 8L * array.length);
    if (size[segment] <= MAX_SHARED) {
      sizeWords[size[segment]] -= array.length;
    }
    segments[segment] = NO_WORDS;
    if (freeNumberCount == freeNumbers.length) {
      freeNumbers = Arrays.copyOf(freeNumbers, freeNumberCount * 2);
    }
    freeNumbers[freeNumberCount++] = segment;
  }

  private int addSegment(int wanted) {
    if (freeNumberCount == 0 && highest + 1 == MAX_SEGMENTS) {
      throw new IllegalStateException("no segment number left for timelines");
    }
    int segment = freeNumberCount > 0 ? freeNumbers[--freeNumberCount] : ++highest;
    if (segment == size.length) {
      grow(segment * 2);
    }
    int words = wanted > MAX_SHARED ? wanted : sharedWords(wanted);
    segments[segment] = new long[words];
    size[segment] = wanted;
    used[segment] = 0;
    live[segment] = 0;
    freed[segment] = 0;
    count(OVERHEAD_BYTES + 8L * words);
    if (wanted <= MAX_SHARED) {
      putOnList(segment);
    }
    return segment;
  }

  private int sharedWords(int wanted) {
    int room = Math.clamp(sizeWords[wanted] / GROWTH, SMALLEST_WORDS, LARGEST_WORDS);
    int words = room / wanted * wanted;
    sizeWords[wanted] += words;
    return words;
  }

  private void grow(int capacity) {
    size = Arrays.copyOf(size, capacity);
    used = Arrays.copyOf(used, capacity);
    live = Arrays.copyOf(live, capacity);
    freed = Arrays.copyOf(freed, capacity);
    next = Arrays.copyOf(next, capacity);
    previous = Arrays.copyOf(previous, capacity);
    long[][] more = Arrays.copyOf(segments, capacity);
    Arrays.fill(more, segments.length, capacity, NO_WORDS);
    segments = more;
  }

  private void putOnList(int segment) {
    int first = withRoom[size[segment]];
    next[segment] = first;
    previous[segment] = 0;
    previous[first] = segment;
    withRoom[size[segment]] = segment;
  }

  private void takeFromList(int segment) {
    if (previous[segment] == 0) {
      withRoom[size[segment]] = next[segment];
    } else {
      next[previous[segment]] = next[segment];
    }
    previous[next[segment]] = previous[segment];
  }

  private void count(long grown) {
    bytes += grown;
    storeBytes.add(grown);
  }

  private static int sizeIndex(int words) {
    int at = Arrays.binarySearch(SIZES, words);
    return at >= 0 ? at : -at - 1;
  }
}
