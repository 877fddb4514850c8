package io.thunderhead.store;

import java.util.Arrays;

/**
 * How far back a read has to go until it has enough posts, learned from earlier reads of about as
 * many follows. A bad guess costs time, never an answer: too few, and the read goes again, further
 * back.
 *
 * <p>What is learned is a rank: how many of the followed authors have posted since then, which fits
 * authors who write much as well as quiet ones. From one read to its next attempt the guess goes by
 * time, as posts come about evenly over it.
 */
final class RankGuess {
  private static final int BUCKETS = 32;
  private static final float FIRST = 0.5f;
  private static final float SURPLUS = 1.2f;
  private static final float RECENT = 0.1f;
  private static final float LEAST_STEP = 1.5f;
  private static final float MOST_STEP = 8;

  private final float[] ranksPerResult = new float[2 * BUCKETS];

  RankGuess() {
    Arrays.fill(ranksPerResult, FIRST);
  }

  /** Where to stop: no post created before that is looked at. Never before the horizon. */
  long first(FollowedAuthors authors, int wanted, boolean video, long horizon) {
    float rank = ranksPerResult[bucket(authors.size(), video)] * wanted;
    return Math.max(horizon, authors.sinceRank(Math.max(1, rank)));
  }

  /** Where to stop after an attempt that found too few. */
  long next(FollowedAuthors authors, int wanted, long floor, int found, long horizon) {
    float step =
        found == 0 ? MOST_STEP : Math.clamp(SURPLUS * wanted / found, LEAST_STEP, MOST_STEP);
    return Math.max(horizon, authors.newest() - (long) (age(authors, floor) * step));
  }

  /** Learns from the attempt that was enough, or that went back as far as there is anything. */
  void learn(FollowedAuthors authors, int wanted, boolean video, long floor, int found) {
    float share = SURPLUS * wanted / Math.max(1, found);
    long best = authors.newest() - (long) (age(authors, floor) * share);
    float ratio = authors.rankSince(best) / Math.max(1, wanted);
    int bucket = bucket(authors.size(), video);
    ranksPerResult[bucket] = ranksPerResult[bucket] * (1 - RECENT) + ratio * RECENT;
  }

  private static long age(FollowedAuthors authors, long floor) {
    return Math.max(1, authors.newest() - floor + 1);
  }

  private static int bucket(int authors, boolean video) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(authors | 1) + (video ? BUCKETS : 0);
  }
}
