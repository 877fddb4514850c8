package io.thunderhead.protocol.event;

/**
 * Writes the {@code LightPost} of a create as an entry of {@code repeated LightPost posts = 1}, tag
 * and length in front, so that a response's posts are such entries put one after another. Each
 * write replaces the one before. Not thread-safe; it allocates nothing.
 */
public final class LightPostWriter {
  private final ProtoOutput out = new ProtoOutput();

  /** The bytes of the last entry, from 0 to {@link #length}; overwritten by the next write. */
  public byte[] buffer() {
    return out.buffer();
  }

  /** How many bytes the last entry has. */
  public int length() {
    return out.length();
  }

  /** Writes the post of a create and gives the entry's length. */
  public int write(InNetworkEventReader event) {
    if (!event.isCreate()) {
      throw new IllegalArgumentException("a delete has no LightPost");
    }
    out.start(1);
    out.putLong(1, event.postId());
    out.putLong(2, event.authorId());
    out.putLong(3, event.createdAt());
    out.putLong(4, event.inReplyToPostId());
    out.putLong(5, event.inReplyToUserId());
    out.putBool(6, event.isRetweet());
    out.putBool(7, event.isReply());
    out.putLong(8, event.sourcePostId());
    out.putLong(9, event.sourceUserId());
    out.putBool(10, event.hasVideo());
    out.putLong(11, event.conversationId());
    return out.end();
  }
}
