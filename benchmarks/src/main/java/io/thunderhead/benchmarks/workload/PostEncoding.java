package io.thunderhead.benchmarks.workload;

import io.thunderhead.store.PostFields;

/**
 * Writes a post as field 1 of an answer, {@code GetInNetworkPostsResponse.posts}. By hand, since
 * the workload makes millions a second; a test holds it against the generated classes.
 */
public final class PostEncoding {
  /** More than the longest post needs: tag, length, eight ids of ten bytes, three flags, tags. */
  public static final int MAX_BYTES = 128;

  private PostEncoding() {}

  static void encode(PostFields post) {
    if (post.encoded.length < MAX_BYTES) {
      post.encoded = new byte[MAX_BYTES];
    }
    post.encodedOffset = 0;
    post.encodedLength =
        encode(
            post.encoded,
            0,
            post.postId,
            post.authorId,
            post.createdAt,
            post.inReplyToPostId,
            post.inReplyToUserId,
            post.isRetweet,
            post.isReply,
            post.sourcePostId,
            post.sourceUserId,
            post.hasVideo,
            post.conversationId);
  }

  /** Writes from {@code begin}; returns where it ended. Ids that are 0 are absent. */
  public static int encode(
      byte[] out,
      int begin,
      long postId,
      long authorId,
      long createdAt,
      long inReplyToPostId,
      long inReplyToUserId,
      boolean isRetweet,
      boolean isReply,
      long sourcePostId,
      long sourceUserId,
      boolean hasVideo,
      long conversationId) {
    // Every post is shorter than 128 bytes, so its length is one byte, filled in last.
    int at = begin + 2;
    at = field(out, at, 1, postId);
    at = field(out, at, 2, authorId);
    at = field(out, at, 3, createdAt);
    at = field(out, at, 4, inReplyToPostId);
    at = field(out, at, 5, inReplyToUserId);
    at = field(out, at, 6, isRetweet ? 1 : 0);
    at = field(out, at, 7, isReply ? 1 : 0);
    at = field(out, at, 8, sourcePostId);
    at = field(out, at, 9, sourceUserId);
    at = field(out, at, 10, hasVideo ? 1 : 0);
    at = field(out, at, 11, conversationId);
    out[begin] = 1 << 3 | 2;
    out[begin + 1] = (byte) (at - begin - 2);
    return at;
  }

  private static int field(byte[] out, int begin, int number, long value) {
    if (value == 0) {
      return begin;
    }
    int at = begin;
    out[at++] = (byte) (number << 3);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }
}
