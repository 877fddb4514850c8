package io.thunderhead.store;

/**
 * A few figures about a set of posts of one read, collected on the way. Times are UNIX seconds, 0
 * when there is no post.
 */
public final class ReadStatistics {
  private int posts;
  private int authors;
  private int replies;
  private long newest;
  private long oldest;

  ReadStatistics() {}

  public int posts() {
    return posts;
  }

  /** Distinct authors of these posts. */
  public int authors() {
    return authors;
  }

  public int replies() {
    return replies;
  }

  public long newest() {
    return newest;
  }

  public long oldest() {
    return oldest;
  }

  /** Share of replies, 0 when there is no post. */
  public double replyRatio() {
    return posts == 0 ? 0 : (double) replies / posts;
  }

  /** Mean posts per author, 0 when there is no post. */
  public double postsPerAuthor() {
    return authors == 0 ? 0 : (double) posts / authors;
  }

  void clear() {
    posts = 0;
    authors = 0;
    replies = 0;
    newest = 0;
    oldest = 0;
  }

  void add(long createdAt, boolean reply) {
    if (posts == 0 || createdAt > newest) {
      newest = createdAt;
    }
    if (posts == 0 || createdAt < oldest) {
      oldest = createdAt;
    }
    posts++;
    if (reply) {
      replies++;
    }
  }

  void countAuthor() {
    authors++;
  }

  void copy(ReadStatistics other) {
    posts = other.posts;
    authors = other.authors;
    replies = other.replies;
    newest = other.newest;
    oldest = other.oldest;
  }
}
