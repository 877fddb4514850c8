package io.thunderhead.store;

import java.util.Arrays;

/**
 * Posts whose every part can be told from their id, and digests of what a reader saw of them. Ids
 * are single digits, so that a digest reads like the answer: 31 is post 3, then post 1; a post that
 * is not whole makes it negative.
 */
final class StressPosts {
  static final long NOW = 1_000;

  private static final int TORN = -1_000_000;
  private static final int BYTES = 16;

  private StressPosts() {}

  /** A retention of 100 seconds and a skew of 10. */
  static StoreConfig config(int maxPostsKeptPerAuthor) {
    return new StoreConfig(100, 10, 50, 30, 100, 500, maxPostsKeptPerAuthor);
  }

  static PostFields original(long id, long author, long created) {
    PostFields post = new PostFields();
    post.postId = id;
    post.authorId = author;
    post.createdAt = created;
    post.encoded = encoded(id);
    post.encodedLength = BYTES;
    return post;
  }

  static PostFields reply(long id, long author, long parent, long parentAuthor) {
    PostFields post = original(id, author, NOW);
    post.isReply = true;
    post.inReplyToPostId = parent;
    post.inReplyToUserId = parentAuthor;
    post.conversationId = parent;
    return post;
  }

  /** What a read of one author answers. */
  static int read(PostReader reader, long author, long now) {
    return digest(answer(reader, author, now), author);
  }

  static ReadResult answer(PostReader reader, long author, long now) {
    ReadQuery query = new ReadQuery();
    query.follows = new long[] {author};
    query.followCount = 1;
    query.maxResults = 10;
    return reader.read(query, now, StopSignal.NEVER);
  }

  static int digest(ReadResult result, long author) {
    byte[] bytes = new byte[result.encodedLength()];
    result.copyTo(bytes, 0);
    int digest = 0;
    for (int i = 0; i < result.count(); i++) {
      boolean whole =
          result.authorId(i) == author
              && result.encodedLength(i) == BYTES
              && isEncoded(bytes, result.encodedOffset(i), result.postId(i));
      digest = digest * 10 + (int) result.postId(i) + (whole ? 0 : TORN);
    }
    return digest;
  }

  /** What a cell holds, if it is still that post's; 0 when it is not. */
  static int cell(PostBlocks blocks, int slot, long id) {
    PostBlock block = blocks.of(slot);
    int unit = PostBlocks.unit(slot);
    if (block == null || block.postId(unit) != id) {
      return 0;
    }
    byte[] bytes = new byte[PostStore.MAX_ENCODED_BYTES + Varint.SLACK];
    boolean whole = block.copyEncoded(unit, 7, bytes, 0) == BYTES;
    return (int) id + (whole && isEncoded(bytes, 0, id) ? 0 : TORN);
  }

  /** The ids of a timeline of originals whose slots are eleven times their ids, newest first. */
  static int timeline(Timelines timelines, long list) {
    long[] words = timelines.words(list);
    int digest = 0;
    for (int entry = Timelines.to(list) - 1; entry >= Timelines.from(list); entry--) {
      int at = Timelines.at(list, 2, entry);
      int id = (int) Timelines.postId(words, at);
      boolean whole = id != 0 && Timelines.slot(words, at) == 11 * id;
      digest = digest * 10 + id + (whole ? 0 : TORN);
    }
    return digest;
  }

  /** Adds such an entry to an author's originals; posts are created in the order of their ids. */
  static void add(AuthorTable authors, int author, long id) {
    authors.beginLinks();
    authors.link(author, Timelines.ORIGINALS, id, id << 32 | 11 * id, 0);
  }

  private static byte[] encoded(long id) {
    byte[] bytes = new byte[BYTES];
    Arrays.fill(bytes, (byte) id);
    return bytes;
  }

  private static boolean isEncoded(byte[] bytes, int at, long id) {
    for (int i = at; i < at + BYTES; i++) {
      if (bytes[i] != id) {
        return false;
      }
    }
    return true;
  }
}
