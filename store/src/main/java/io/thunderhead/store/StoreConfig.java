package io.thunderhead.store;

/**
 * The limits of a {@link PostStore}. Per-author limits of a query can only lower the ones here; 0
 * serves none.
 *
 * @param retentionSeconds how long after its creation a post is served, at most 30 days
 * @param futureSkewSeconds how far ahead of the clock a post's creation may lie
 * @param maxOriginalPostsPerAuthor most original posts of one author in an answer
 * @param maxReplyPostsPerAuthor most replies and retweets of one author in an answer
 * @param maxVideoPostsPerAuthor most posts of one author in an answer of videos
 * @param maxPostsScannedPerAuthor most live, not excluded entries looked at per author and list
 * @param maxPostsKeptPerAuthor most entries kept per author and list; the oldest leaves
 * @param maxBytes most memory that the store takes; at it the oldest posts leave, whatever the
 *     retention says. 0: no such limit
 */
public record StoreConfig(
    long retentionSeconds,
    long futureSkewSeconds,
    int maxOriginalPostsPerAuthor,
    int maxReplyPostsPerAuthor,
    int maxVideoPostsPerAuthor,
    int maxPostsScannedPerAuthor,
    int maxPostsKeptPerAuthor,
    long maxBytes) {

  /** A store smaller than this could not even keep its empty tables and a block per span. */
  public static final long LEAST_MAX_BYTES = 8L << 20;

  private static final long MAX_RETENTION_SECONDS = 30L * 86_400;
  private static final long MAX_SKEW_SECONDS = 86_400;
  private static final int MAX_KEPT = 50_000;

  /** Rejects what cannot work, naming the setting and its limits. */
  public StoreConfig {
    require("retentionSeconds", retentionSeconds, 1, MAX_RETENTION_SECONDS);
    require("futureSkewSeconds", futureSkewSeconds, 0, MAX_SKEW_SECONDS);
    require("maxOriginalPostsPerAuthor", maxOriginalPostsPerAuthor, 0, Integer.MAX_VALUE);
    require("maxReplyPostsPerAuthor", maxReplyPostsPerAuthor, 0, Integer.MAX_VALUE);
    require("maxVideoPostsPerAuthor", maxVideoPostsPerAuthor, 0, Integer.MAX_VALUE);
    require("maxPostsScannedPerAuthor", maxPostsScannedPerAuthor, 1, Integer.MAX_VALUE);
    require("maxPostsKeptPerAuthor", maxPostsKeptPerAuthor, 1, MAX_KEPT);
    if (maxBytes != 0) {
      require("maxBytes", maxBytes, LEAST_MAX_BYTES, Long.MAX_VALUE);
    }
  }

  /** Without a limit of memory. */
  public StoreConfig(
      long retentionSeconds,
      long futureSkewSeconds,
      int maxOriginalPostsPerAuthor,
      int maxReplyPostsPerAuthor,
      int maxVideoPostsPerAuthor,
      int maxPostsScannedPerAuthor,
      int maxPostsKeptPerAuthor) {
    this(
        retentionSeconds,
        futureSkewSeconds,
        maxOriginalPostsPerAuthor,
        maxReplyPostsPerAuthor,
        maxVideoPostsPerAuthor,
        maxPostsScannedPerAuthor,
        maxPostsKeptPerAuthor,
        0);
  }

  /** The same with another limit of memory. */
  public StoreConfig withMaxBytes(long bytes) {
    return new StoreConfig(
        retentionSeconds,
        futureSkewSeconds,
        maxOriginalPostsPerAuthor,
        maxReplyPostsPerAuthor,
        maxVideoPostsPerAuthor,
        maxPostsScannedPerAuthor,
        maxPostsKeptPerAuthor,
        bytes);
  }

  /** 48 hours, five minutes of skew, and Thunder's published limits. */
  public static StoreConfig defaults() {
    return new StoreConfig(172_800, 300, 50, 30, 100, 500, 5000);
  }

  private static void require(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be between " + min + " and " + max + ", not " + value);
    }
  }
}
