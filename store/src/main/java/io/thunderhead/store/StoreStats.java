package io.thunderhead.store;

/**
 * The size of a store at about one moment, from counters that writers keep. Posts past the
 * retention count until {@link PostStore#trim} has reached them.
 *
 * @param posts posts held
 * @param authors authors with at least one post
 * @param originals entries in lists of original posts
 * @param secondary entries in lists of replies and retweets
 * @param videos entries in lists of videos; each is also an original or a retweet
 * @param tombstones deleted ids remembered
 * @param evicted posts that full lists have pushed out so far
 * @param expired posts that have left by age so far
 * @param overBudget posts within the retention that the memory budget has made leave so far
 * @param blocks blocks of encoded posts in use
 * @param blockBytes encoded posts and tombstones
 * @param indexBytes post id to slot
 * @param timelineBytes lists of all authors
 * @param authorBytes author id to lists
 */
public record StoreStats(
    long posts,
    long authors,
    long originals,
    long secondary,
    long videos,
    long tombstones,
    long evicted,
    long expired,
    long overBudget,
    int blocks,
    long blockBytes,
    long indexBytes,
    long timelineBytes,
    long authorBytes) {

  /** All parts together. */
  public long totalBytes() {
    return blockBytes + indexBytes + timelineBytes + authorBytes;
  }
}
