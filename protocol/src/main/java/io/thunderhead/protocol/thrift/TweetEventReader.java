package io.thunderhead.protocol.thrift;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;

/**
 * A view of one {@code TweetEvent} in Thrift's binary protocol, which reads only the fields that we
 * use and skips all others. The values are those of the last {@link #read}; after a failed one they
 * mean nothing. Not thread-safe; one per thread, reused, it allocates nothing per field.
 *
 * <p>What is tolerated and what not:
 *
 * <ul>
 *   <li>an unknown field of any type is skipped, as is a known id with another type, which then
 *       counts as missing;
 *   <li>no declared length or count reserves memory, and none may exceed the bytes that are left;
 *   <li>unknown values nest at most {@value #MAX_SKIP_DEPTH} levels deep;
 *   <li>a field that comes twice counts with its last value;
 *   <li>every id that is given must be above zero; a create's author is {@code user.id}, else
 *       {@code core_data.user_id}, and the two must not differ;
 *   <li>the data holds exactly one event, and nothing follows the end of the outer struct.
 * </ul>
 */
public final class TweetEventReader {
  /** Unknown values nested deeper than this are rejected as {@link RejectReason#TOO_DEEP}. */
  public static final int MAX_SKIP_DEPTH = 64;

  /** The shortest video that makes its post a video post. */
  public static final int MIN_VIDEO_DURATION_MS = 5000;

  /** Which event a {@code TweetEvent} carries. */
  public enum Kind {
    /** A new post. */
    CREATE,
    /** A post was deleted. */
    DELETE,
    /** A post was deleted that another one quotes; the ids are those of the quoting one. */
    QUOTED_DELETE,
    /** An undelete, a takedown or any other event: nothing of it is read. */
    OTHER
  }

  private final TweetEventWire wire = new TweetEventWire();
  private long postId;
  private long authorId;

  /** Reads the event that is exactly the {@code len} bytes from {@code off}. */
  public void read(byte[] src, int off, int len) throws MalformedEventException {
    wire.read(src, off, len);
    check();
  }

  /** Which event it was. */
  public Kind kind() {
    return wire.kind;
  }

  /** The created or deleted post; of a quoted delete the quoting post. */
  public long postId() {
    return postId;
  }

  /** The post's author; 0 if a delete doesn't say. */
  public long authorId() {
    return authorId;
  }

  /** A create's time, in UNIX seconds. */
  public long createdAtSeconds() {
    return wire.createdAtSeconds;
  }

  /** True if the create has a {@code reply}, be it only for a leading mention. */
  public boolean hasReply() {
    return wire.hasReply;
  }

  /** The post that is replied to, or 0. */
  public long inReplyToPostId() {
    return wire.replyPostId.value;
  }

  /** The user who is replied to or mentioned first, or 0. */
  public long inReplyToUserId() {
    return wire.replyUserId.value;
  }

  /** True if the create has a {@code share}: it is a retweet. */
  public boolean hasShare() {
    return wire.hasShare;
  }

  /** The retweeted post, never itself a retweet, or 0. */
  public long sourcePostId() {
    return wire.sourcePostId.value;
  }

  /** The author of the retweeted post, or 0. */
  public long sourceUserId() {
    return wire.sourceUserId.value;
  }

  /** True if the post is shown to nobody's followers. */
  public boolean nullcast() {
    return wire.nullcast;
  }

  /** The root of the post's thread, or 0. */
  public long conversationId() {
    return wire.conversationId.value;
  }

  /**
   * True if the post's media is exactly one item and that is a video of at least {@link
   * #MIN_VIDEO_DURATION_MS}; one that doesn't give its duration is not.
   */
  public boolean video() {
    return wire.video;
  }

  /** When the event happened, in UNIX milliseconds, or 0 if it doesn't say. */
  public long timestampMs() {
    return wire.timestampMs;
  }

  private void check() throws MalformedEventException {
    if (wire.arms == 0) {
      throw reject(RejectReason.NO_DATA, "TweetEvent.data is missing or holds no event");
    }
    if (wire.arms > 1) {
      throw reject(RejectReason.SEVERAL_EVENTS, "TweetEvent.data: several events in one");
    }
    switch (wire.kind) {
      case CREATE -> checkCreate();
      case DELETE -> checkDelete();
      case QUOTED_DELETE -> {
        postId = wire.quotingTweetId.required();
        authorId = wire.quotingUserId.optional();
      }
      case OTHER -> {
        postId = 0;
        authorId = 0;
      }
    }
  }

  private void checkCreate() throws MalformedEventException {
    checkTweet();
    long fromCore = wire.coreUserId.optional();
    authorId = wire.userId.given ? wire.userId.optional() : fromCore;
    if (authorId == 0) {
      throw reject(RejectReason.NO_AUTHOR, "user.id and core_data.user_id are missing");
    }
    if (fromCore != 0 && fromCore != authorId) {
      throw reject(RejectReason.AUTHOR_MISMATCH, "user.id and core_data.user_id differ");
    }
    if (wire.createdAtSeconds <= 0) {
      throw reject(
          RejectReason.NO_CREATED_AT, "core_data.created_at_secs is missing or not above zero");
    }
    wire.replyPostId.optional();
    wire.replyUserId.optional();
    wire.sourcePostId.optional();
    wire.sourceUserId.optional();
    wire.conversationId.optional();
  }

  private void checkDelete() throws MalformedEventException {
    checkTweet();
    authorId = wire.coreUserId.optional();
  }

  private void checkTweet() throws MalformedEventException {
    if (!wire.hasTweet) {
      throw reject(RejectReason.NO_TWEET, "tweet is missing");
    }
    postId = wire.tweetId.required();
  }

  private static MalformedEventException reject(RejectReason reason, String message) {
    return new MalformedEventException(reason, message);
  }
}
