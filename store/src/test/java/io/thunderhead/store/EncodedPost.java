package io.thunderhead.store;

/** Encodes a post's fields as an answer has them: a message of numbers in a message. */
final class EncodedPost {
  private EncodedPost() {}

  /** Fills in the encoded form of what the other fields say. */
  static void encode(PostFields post) {
    byte[] out = new byte[160];
    int at = 2;
    at = field(out, at, 1, post.postId);
    at = field(out, at, 2, post.authorId);
    at = field(out, at, 3, post.createdAt);
    at = field(out, at, 4, post.inReplyToPostId);
    at = field(out, at, 5, post.inReplyToUserId);
    at = field(out, at, 6, post.isRetweet ? 1 : 0);
    at = field(out, at, 7, post.isReply ? 1 : 0);
    at = field(out, at, 8, post.sourcePostId);
    at = field(out, at, 9, post.sourceUserId);
    at = field(out, at, 10, post.hasVideo ? 1 : 0);
    at = field(out, at, 11, post.conversationId);
    out[0] = 1 << 3 | 2;
    out[1] = (byte) (at - 2);
    post.encoded = out;
    post.encodedOffset = 0;
    post.encodedLength = at;
  }

  private static int field(byte[] out, int at, int number, long value) {
    if (value == 0) {
      return at;
    }
    out[at] = (byte) (number << 3);
    return Varint.put(out, at + 1, value);
  }
}
