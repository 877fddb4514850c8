package io.thunderhead.store;

/**
 * What a reader asks for: a mutable carrier that its caller fills and reuses. Duplicate ids in
 * either list count once; ids that are not positive are passed over.
 */
@SuppressWarnings("MemberName")
public final class ReadQuery {
  /** Whose feed this is; 0 is anonymous, and then no retweet is the requester's own. */
  public long requesterId;

  public long[] follows = new long[0];
  public int followCount;

  /** Posts not to serve, by their own id. */
  public long[] excludes = new long[0];

  public int excludeCount;
  public int maxResults;

  /**
   * Most originals per author, and most videos in a query of videos; the store's own limit may be
   * lower.
   */
  public int maxOriginals = Integer.MAX_VALUE;

  /** Most replies and retweets per author; the store's own limit may be lower. */
  public int maxReplies = Integer.MAX_VALUE;

  public boolean video;
}
