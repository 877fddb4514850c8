package io.thunderhead.protocol.event;

import io.thunderhead.protocol.thrift.TweetEventReader;

/**
 * Writes {@code InNetworkEvent}s, fields in the order of their numbers, one at a time into its own
 * buffer. Each write replaces the one before; copy the bytes out of {@link #buffer} first. Not
 * thread-safe; it allocates nothing.
 */
public final class InNetworkEventWriter {
  private final ProtoOutput out = new ProtoOutput();

  /** The bytes of the last event, from 0 to {@link #length}; overwritten by the next write. */
  public byte[] buffer() {
    return out.buffer();
  }

  /** How many bytes the last event has. */
  public int length() {
    return out.length();
  }

  /** The last event in an array of its own. */
  public byte[] toByteArray() {
    return out.toByteArray();
  }

  /**
   * Writes what a {@code TweetEvent} means to readers: a create, or the delete of a post or of the
   * one that quoted it. A delete happened when the event says, else now.
   *
   * @throws IllegalArgumentException if it is an event of another kind, which means nothing to
   *     them; nullcast creates are the caller's to leave out
   */
  public int write(TweetEventReader event, long nowSeconds) {
    return switch (event.kind()) {
      case CREATE ->
          writeCreate(
              event.postId(),
              event.authorId(),
              event.createdAtSeconds(),
              event.inReplyToPostId(),
              event.inReplyToUserId(),
              event.hasShare(),
              event.hasReply(),
              event.sourcePostId(),
              event.sourceUserId(),
              event.video(),
              event.conversationId());
      case DELETE, QUOTED_DELETE -> {
        long happenedAt = event.timestampMs() / 1000;
        yield writeDelete(
            event.postId(), happenedAt > 0 ? happenedAt : nowSeconds, event.authorId());
      }
      case OTHER -> throw new IllegalArgumentException("other events have no InNetworkEvent");
    };
  }

  /** Writes a create and gives its length; 0 leaves a field out. */
  public int writeCreate(
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
    out.start(1);
    out.putLong(1, postId);
    out.putLong(2, authorId);
    out.putLong(3, createdAt);
    out.putLong(4, inReplyToPostId);
    out.putLong(5, inReplyToUserId);
    out.putBool(6, isRetweet);
    out.putBool(7, isReply);
    out.putLong(8, sourcePostId);
    out.putLong(9, sourceUserId);
    out.putBool(10, hasVideo);
    out.putLong(11, conversationId);
    return out.end();
  }

  /** Writes a delete and gives its length; an author that is not known is 0. */
  public int writeDelete(long postId, long deletedAt, long authorId) {
    out.start(2);
    out.putLong(1, postId);
    out.putLong(2, deletedAt);
    out.putLong(3, authorId);
    return out.end();
  }
}
