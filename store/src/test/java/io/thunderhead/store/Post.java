package io.thunderhead.store;

import java.nio.ByteBuffer;
import java.util.Comparator;

/** A post as a value, for tests; 0 is absent. */
record Post(
    long id,
    long author,
    long created,
    long parent,
    long parentUser,
    long source,
    long sourceUser,
    long conversation,
    boolean replyFlag,
    boolean retweet,
    boolean video) {

  static final Comparator<Post> NEWEST_FIRST =
      Comparator.comparingLong(Post::created).thenComparingLong(Post::id).reversed();

  static Post original(long id, long author, long created) {
    return new Post(id, author, created, 0, 0, 0, 0, id, false, false, false);
  }

  static Post video(long id, long author, long created) {
    return new Post(id, author, created, 0, 0, 0, 0, id, false, false, true);
  }

  static Post reply(
      long id, long author, long created, long parent, long parentUser, long conversation) {
    return new Post(
        id, author, created, parent, parentUser, 0, 0, conversation, true, false, false);
  }

  static Post retweet(long id, long author, long created, long source, long sourceUser) {
    return new Post(id, author, created, 0, 0, source, sourceUser, id, false, true, false);
  }

  boolean reply() {
    return replyFlag || parent != 0 || parentUser != 0;
  }

  boolean original() {
    return !reply() && !retweet;
  }

  PostFields fields() {
    PostFields fields = new PostFields();
    copyTo(fields);
    return fields;
  }

  void copyTo(PostFields fields) {
    fields.postId = id;
    fields.authorId = author;
    fields.createdAt = created;
    fields.inReplyToPostId = parent;
    fields.inReplyToUserId = parentUser;
    fields.sourcePostId = source;
    fields.sourceUserId = sourceUser;
    fields.conversationId = conversation;
    fields.isReply = replyFlag;
    fields.isRetweet = retweet;
    fields.hasVideo = video;
    fields.encoded = encoded(id, author, created);
    fields.encodedLength = fields.encoded.length - 4;
    fields.encodedOffset = 3;
  }

  /**
   * The id, a length of its own and a pattern, so that a mixed up or torn copy shows; framed by
   * bytes that are not part of it.
   */
  static byte[] encoded(long id, long author, long created) {
    int length = 24 + (int) (id % 41);
    ByteBuffer buffer = ByteBuffer.allocate(length + 4);
    buffer.position(3);
    buffer.putLong(id).putLong(author).putLong(created);
    while (buffer.remaining() > 1) {
      buffer.put((byte) (id * 31 + buffer.position()));
    }
    return buffer.array();
  }
}
