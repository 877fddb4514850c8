package io.thunderhead.store;

/** What became of a post given to {@link PostStore#create}. Only {@link #APPLIED} is served. */
public enum CreateOutcome {
  APPLIED,

  /** A post of this id is held; the first one stays as it is. */
  DUPLICATE,

  /** Created longer ago than the retention. */
  EXPIRED,

  /** Created further ahead of the clock than the skew allows. */
  FUTURE,

  /** A tombstone of this id stands. */
  DELETED,

  /**
   * Older than everything in each of its lists, and those are full; or older than what the memory
   * budget lets the store keep.
   */
  EVICTED,

  /**
   * An id or time that is not positive, or an encoded form that is too long or outside its array.
   */
  INVALID,

  /** Every block number is in use (32 GiB of posts). */
  FULL
}
