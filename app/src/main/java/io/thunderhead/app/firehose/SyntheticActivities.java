package io.thunderhead.app.firehose;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Makes up activities as lines of our own JSON. The same seed, number of authors and clock readings
 * give the same lines; authors, replies, shares and deletes are spread as in the {@link
 * SyntheticFirehose}. Not thread-safe.
 */
public final class SyntheticActivities {
  private static final int RECENT_POSTS = 1 << 16;
  private static final String WORDS =
      "morning late train coffee match goal rain storm garden river light paper song street";

  private final int authors;
  private final RandomBits random;
  private final PostIds postIds;
  private final RecentPosts recent = new RecentPosts(RECENT_POSTS);
  private final String[] words = WORDS.split(" ", -1);

  public SyntheticActivities(long seed, int authors) {
    this.authors = authors;
    this.random = new RandomBits(seed);
    this.postIds = new PostIds(seed);
  }

  /** The next activity, which happens now. */
  public byte[] next(long nowMs) {
    int kind = random.nextInt(1000);
    int about = kind < 470 ? RecentPosts.NONE : recent.pick(random, kind >= 970);
    long author =
        SyntheticFirehose.FIRST_AUTHOR_ID
            + Math.min(authors - 1, (int) (StrictMath.pow(authors + 1.0, random.nextDouble()) - 1));
    StringBuilder json = new StringBuilder(400).append("{\"publisher\":\"generator\"");
    if (about != RecentPosts.NONE && kind >= 970) {
      json.append(",\"verb\":\"VERB_DELETE\"");
      post(json, recent.postId(about), recent.authorId(about), nowMs);
      recent.remove(about);
      return json.append('}').toString().getBytes(UTF_8);
    }
    long id = postIds.next(nowMs);
    boolean share = about != RecentPosts.NONE && kind >= 760;
    json.append(share ? ",\"verb\":\"VERB_SHARE\"" : ",\"verb\":\"VERB_POST\"");
    post(json, id, author, nowMs);
    if (share) {
      reference(json, "share_of", recent.postId(about), recent.authorId(about));
    } else {
      boolean reply = about != RecentPosts.NONE;
      if (reply) {
        reference(json, "in_reply_to", recent.postId(about), recent.authorId(about));
      }
      text(json);
    }
    json.append(",\"followers\":\"").append(random.nextInt(100_000)).append("\"}");
    recent.add(id, author, about == RecentPosts.NONE || share ? id : recent.rootId(about), share);
    return json.toString().getBytes(UTF_8);
  }

  private static void post(StringBuilder json, long id, long author, long nowMs) {
    json.append(",\"native_id\":\"").append(id);
    json.append("\",\"native_author_id\":\"").append(author);
    json.append("\",\"created_at\":\"").append(nowMs / 1000).append('"');
  }

  private static void reference(StringBuilder json, String name, long id, long author) {
    json.append(",\"").append(name).append("\":{\"native_id\":\"").append(id);
    json.append("\",\"native_author_id\":\"").append(author).append("\"}");
  }

  private void text(StringBuilder json) {
    json.append(",\"text\":\"");
    int count = 4 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : " ").append(words[random.nextInt(words.length)]);
    }
    json.append('"');
    if (random.nextInt(10) == 0) {
      json.append(",\"urls\":[\"https://example.org/").append(random.nextInt(1000)).append("\"]");
    }
  }
}
