package io.thunderhead.app.firehose;

/**
 * The last posts of a firehose, for later events to be about: a ring of parallel arrays, of which
 * the newest overwrites the oldest. A place whose post was deleted holds 0.
 */
final class RecentPosts {
  static final int NONE = -1;

  private static final int TRIES = 8;

  private final long[] postIds;
  private final long[] authorIds;
  private final long[] rootIds;
  private final boolean[] retweets;
  private int size;
  private int newest = -1;

  RecentPosts(int capacity) {
    postIds = new long[capacity];
    authorIds = new long[capacity];
    rootIds = new long[capacity];
    retweets = new boolean[capacity];
  }

  void add(long postId, long authorId, long rootId, boolean retweet) {
    newest = (newest + 1) % postIds.length;
    size = Math.min(size + 1, postIds.length);
    postIds[newest] = postId;
    authorIds[newest] = authorId;
    rootIds[newest] = rootId;
    retweets[newest] = retweet;
  }

  /** The place of a post, newer ones more often, or {@link #NONE} if a few tries find none. */
  int pick(RandomBits random, boolean orRetweet) {
    for (int i = 0; i < TRIES && size > 0; i++) {
      double u = random.nextDouble();
      int age = (int) (u * u * u * size);
      int place = Math.floorMod(newest - age, postIds.length);
      if (postIds[place] != 0 && (orRetweet || !retweets[place])) {
        return place;
      }
    }
    return NONE;
  }

  long postId(int place) {
    return postIds[place];
  }

  long authorId(int place) {
    return authorIds[place];
  }

  /** The root of the post's thread; for a retweet, which is in none, the post itself. */
  long rootId(int place) {
    return rootIds[place];
  }

  void remove(int place) {
    postIds[place] = 0;
  }
}
