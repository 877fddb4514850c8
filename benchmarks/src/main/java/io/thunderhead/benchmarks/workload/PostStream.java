package io.thunderhead.benchmarks.workload;

import io.thunderhead.store.PostFields;

/**
 * The posts of a {@link Workload} one after the other, without an end. Only the last million can be
 * referred to, so only those are remembered.
 */
public final class PostStream {
  /** How far back replies, retweets, deletes and excludes reach. */
  static final int REACH = 1_000_000;

  private static final int RING = 1 << 20;
  private static final long SPAN_MS = 172_800_000;
  private static final long FIRST_MS = 451_000_000_000L;
  private static final long SNOWFLAKE_EPOCH_MS = 1_288_834_974_657L;
  private static final long SEED = 42;

  private final Workload workload;
  private final SplitMix random = new SplitMix(SEED);
  private final long[] ids = new long[RING];
  private final long[] roots = new long[RING];
  private final int[] authors = new int[RING];
  private long made;

  PostStream(Workload workload) {
    this.workload = workload;
  }

  /** How many posts have been made. */
  public long made() {
    return made;
  }

  /** Creation of the last post in UNIX seconds. */
  public long now() {
    return createdAt(ids[at(made - 1)]);
  }

  /** Fills the fields with the next post, encoded as an answer has it. */
  public void next(PostFields post) {
    long i = made;
    int author = random.author(workload.authors());
    double kind = random.share();
    long low = random.next() & 0x3FFFFF;
    long other = random.next();
    long id = ((FIRST_MS + i * SPAN_MS / workload.posts()) << 22) | low;
    long root = id;
    post.clear();
    post.postId = id;
    post.authorId = Workload.authorId(author);
    post.createdAt = createdAt(id);
    if (i == 0 || kind < 0.40) {
      post.hasVideo = Long.remainderUnsigned(other, 100) < 12;
    } else {
      int to = at(i - 1 - Long.remainderUnsigned(other, Math.min(i, REACH)));
      if (kind < 0.75) {
        post.isReply = true;
        post.inReplyToPostId = ids[to];
        post.inReplyToUserId = Workload.authorId(authors[to]);
        root = roots[to];
      } else {
        post.isRetweet = true;
        post.sourcePostId = ids[to];
        post.sourceUserId = Workload.authorId(authors[to]);
      }
    }
    post.conversationId = root;
    PostEncoding.encode(post);
    ids[at(i)] = id;
    roots[at(i)] = root;
    authors[at(i)] = author;
    made++;
  }

  /** The id of one of the last million posts. */
  long recentId(SplitMix draw) {
    int back = draw.below((int) Math.min(made, REACH));
    return ids[at(made - 1 - back)];
  }

  private static long createdAt(long id) {
    return ((id >>> 22) + SNOWFLAKE_EPOCH_MS) / 1000;
  }

  private static int at(long post) {
    return (int) post & (RING - 1);
  }
}
