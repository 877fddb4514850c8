package io.thunderhead.store;

import java.util.Arrays;

/**
 * How many of the newest authors a read has to walk until it has enough posts, learned from earlier
 * reads of about as many follows. A bad guess costs time, never an answer: too few, and the read
 * goes again with more.
 */
final class RankGuess {
  private static final int BUCKETS = 32;
  private static final float FIRST = 0.5f;
  private static final float SURPLUS = 1.2f;
  private static final float RECENT = 0.1f;

  private final float[] ranksPerResult = new float[2 * BUCKETS];

  RankGuess() {
    Arrays.fill(ranksPerResult, FIRST);
  }

  int first(int authors, int wanted, boolean video) {
    return atLeastOne(ranksPerResult[bucket(authors, video)] * wanted, authors);
  }

  /** The next guess after one that found too few. */
  int next(int authors, int wanted, int rank, int found) {
    float factor = found == 0 ? 4 : Math.min(4, Math.max(1.5f, 1.3f * wanted / found));
    return atLeastOne(rank * factor + 8, authors);
  }

  /** Learns from the guess that was enough. */
  void learn(int authors, int wanted, boolean video, int rank, int found) {
    int bucket = bucket(authors, video);
    float best = found == 0 ? rank : Math.min(authors, rank * (SURPLUS * wanted / found));
    float ratio = best / Math.max(1, wanted);
    ranksPerResult[bucket] = ranksPerResult[bucket] * (1 - RECENT) + ratio * RECENT;
  }

  private static int atLeastOne(float rank, int authors) {
    return (int) Math.min(authors, Math.max(1, rank));
  }

  private static int bucket(int authors, boolean video) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(authors | 1) + (video ? BUCKETS : 0);
  }
}
