package io.thunderhead.benchmarks.workload;

import io.thunderhead.store.ReadQuery;
import java.util.BitSet;

/**
 * A deterministic stream of posts and queries, the same in any language: a few authors who write
 * much, 48 hours in order of time, 40 % originals (12 % of them videos), 35 % replies and 25 %
 * retweets of one of the million posts before.
 *
 * @param posts how many posts make 48 hours; the stream goes on at the same rate after them
 * @param authors how many authors there are
 */
public record Workload(int posts, int authors) {
  private static final int DELETES = 10_000;
  private static final int EXCLUDES = 500;

  /** The posts from the first. */
  public PostStream stream() {
    return new PostStream(this);
  }

  /** Queries that exclude 500 of the last million posts. */
  public ReadQuery[] queries(PostStream at, int count, int follows, int maxResults) {
    return queries(at, count, follows, EXCLUDES, maxResults);
  }

  /** Queries as things stand at this place of the stream. */
  public ReadQuery[] queries(PostStream at, int count, int follows, int excludes, int maxResults) {
    SplitMix random = new SplitMix(seed(follows, excludes));
    ReadQuery[] queries = new ReadQuery[count];
    for (int q = 0; q < count; q++) {
      ReadQuery query = new ReadQuery();
      query.follows = new long[follows];
      BitSet drawn = new BitSet(authors);
      while (query.followCount < follows) {
        int author = random.author(authors);
        if (!drawn.get(author)) {
          drawn.set(author);
          query.follows[query.followCount++] = authorId(author);
        }
      }
      query.excludes = new long[excludes];
      query.excludeCount = excludes;
      for (int i = 0; i < excludes; i++) {
        query.excludes[i] = at.recentId(random);
      }
      query.requesterId = authorId(random.below(authors));
      query.maxResults = maxResults;
      queries[q] = query;
    }
    return queries;
  }

  /** The ids to delete after the first posts are in. */
  public long[] deletes(PostStream at) {
    SplitMix random = new SplitMix(7);
    long[] deletes = new long[DELETES];
    for (int i = 0; i < deletes.length; i++) {
      deletes[i] = at.recentId(random);
    }
    return deletes;
  }

  static long authorId(int author) {
    return SplitMix.mix(author + 1L) >>> 1;
  }

  private static long seed(int follows, int excludes) {
    if (excludes != EXCLUDES) {
      return 1004;
    }
    return switch (follows) {
      case 1000 -> 1001;
      case 200 -> 1002;
      case 5000 -> 1003;
      default -> 1_000_000L + follows;
    };
  }
}
