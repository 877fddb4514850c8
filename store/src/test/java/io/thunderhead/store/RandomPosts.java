package io.thunderhead.store;

import java.util.Random;

/** Posts of every kind: replies, retweets, both, videos, with and without what they refer to. */
final class RandomPosts {
  private RandomPosts() {}

  /** A post that refers to ids up to {@code ids} and users up to {@code authors}, if to any. */
  static Post post(Random random, long id, long author, long created, int ids, int authors) {
    boolean both = random.nextInt(12) == 0;
    boolean reply = both || random.nextInt(3) == 0;
    boolean retweet = both || (!reply && random.nextInt(3) == 0);
    long parent = reply && random.nextInt(6) > 0 ? 1L + random.nextInt(ids) : 0;
    long conversation = random.nextInt(3) == 0 ? parent : random.nextInt(3) == 0 ? 0 : id;
    return new Post(
        id,
        author,
        created,
        parent,
        reply && random.nextInt(4) > 0 ? 1L + random.nextInt(authors) : 0,
        retweet && random.nextInt(8) > 0 ? 1L + random.nextInt(ids) : 0,
        retweet && random.nextInt(4) > 0 ? 1L + random.nextInt(authors) : 0,
        conversation,
        reply && random.nextBoolean(),
        retweet,
        random.nextInt(3) == 0);
  }
}
