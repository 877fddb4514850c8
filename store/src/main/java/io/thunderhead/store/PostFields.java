package io.thunderhead.store;

/**
 * One post on its way into the store: a mutable carrier that its caller fills and reuses. The store
 * copies what it needs before {@link PostStore#create} returns; 0 means absent in every optional
 * id.
 */
@SuppressWarnings("MemberName")
public final class PostFields {
  public long postId;
  public long authorId;

  /** UNIX seconds. */
  public long createdAt;

  public long inReplyToPostId;
  public long inReplyToUserId;
  public long sourcePostId;
  public long sourceUserId;
  public long conversationId;
  public boolean isRetweet;

  /** A post with either in-reply-to id is taken as a reply too. */
  public boolean isReply;

  public boolean hasVideo;

  /**
   * The post as a reader wants it back, at most {@link PostStore#MAX_ENCODED_BYTES}; opaque to the
   * store.
   */
  public byte[] encoded = new byte[0];

  public int encodedOffset;
  public int encodedLength;

  /** Makes every field absent; the encoded form becomes empty. */
  public void clear() {
    postId = 0;
    authorId = 0;
    createdAt = 0;
    inReplyToPostId = 0;
    inReplyToUserId = 0;
    sourcePostId = 0;
    sourceUserId = 0;
    conversationId = 0;
    isRetweet = false;
    isReply = false;
    hasVideo = false;
    encodedOffset = 0;
    encodedLength = 0;
  }

  boolean reply() {
    return isReply || inReplyToPostId != 0 || inReplyToUserId != 0;
  }
}
