package io.thunderhead.protocol.event;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;

/**
 * A view of one {@code InNetworkEvent}. The values are those of the last {@link #read}; after a
 * failed one they mean nothing. Not thread-safe; one per thread, reused, it allocates nothing.
 *
 * <p>The wire format is read as protobuf's own classes do: unknown fields and known ones of another
 * wire type are skipped, the last of a repeated scalar counts, a variant that comes twice is
 * merged, and one of another kind replaces it. Beyond that, ids that are given must be above zero,
 * and a create has an id, an author and a time of creation.
 */
public final class InNetworkEventReader {
  private static final int NONE = 0;
  private static final int CREATE = 1;
  private static final int DELETE = 2;

  private final ProtoInput in = new ProtoInput();

  private int variant;
  private boolean unknownFields;
  private long postId;
  private long authorId;
  private long createdAt;
  private long inReplyToPostId;
  private long inReplyToUserId;
  private boolean isRetweet;
  private boolean isReply;
  private long sourcePostId;
  private long sourceUserId;
  private boolean hasVideo;
  private long conversationId;
  private long deletedAt;

  /** A bit per field number of an optional id that is given and not above zero. */
  private int badIds;

  /** Reads the event that is exactly the {@code len} bytes from {@code off}. */
  public void read(byte[] src, int off, int len) throws MalformedEventException {
    clear();
    unknownFields = false;
    in.wrap(src, off, len);
    while (!in.atEnd()) {
      int tag = in.readTag();
      if (tag == (CREATE << 3 | ProtoInput.LENGTH)) {
        readVariant(CREATE);
      } else if (tag == (DELETE << 3 | ProtoInput.LENGTH)) {
        readVariant(DELETE);
      } else {
        unknownFields = true;
        in.skip(tag, 0);
      }
    }
    check();
  }

  /** True after a create. */
  public boolean isCreate() {
    return variant == CREATE;
  }

  /** True after a delete. */
  public boolean isDelete() {
    return variant == DELETE;
  }

  /** The created or deleted post. */
  public long postId() {
    return postId;
  }

  /** The post's author; 0 if a delete doesn't say. */
  public long authorId() {
    return authorId;
  }

  /** A create's time, in UNIX seconds. */
  public long createdAt() {
    return createdAt;
  }

  /** The post that is replied to, or 0. */
  public long inReplyToPostId() {
    return inReplyToPostId;
  }

  /** The user who is replied to, or 0. */
  public long inReplyToUserId() {
    return inReplyToUserId;
  }

  /** True if the create says so. */
  public boolean isRetweet() {
    return isRetweet;
  }

  /** True if the create says so or names a post or a user that it replies to. */
  public boolean isReply() {
    return isReply || inReplyToPostId != 0 || inReplyToUserId != 0;
  }

  /** The retweeted post, or 0. */
  public long sourcePostId() {
    return sourcePostId;
  }

  /** The author of the retweeted post, or 0. */
  public long sourceUserId() {
    return sourceUserId;
  }

  /** True if the create has a video that counts as one. */
  public boolean hasVideo() {
    return hasVideo;
  }

  /** The root of the post's thread, or 0. */
  public long conversationId() {
    return conversationId;
  }

  /** When a post was deleted, in UNIX seconds; 0 if the delete doesn't say anything sensible. */
  public long deletedAt() {
    return deletedAt;
  }

  private void clear() {
    variant = NONE;
    badIds = 0;
    postId = 0;
    authorId = 0;
    createdAt = 0;
    inReplyToPostId = 0;
    inReplyToUserId = 0;
    isRetweet = false;
    isReply = false;
    sourcePostId = 0;
    sourceUserId = 0;
    hasVideo = false;
    conversationId = 0;
    deletedAt = 0;
  }

  private void readVariant(int kind) throws MalformedEventException {
    int outer = in.enter(in.readLength());
    if (variant != kind) {
      clear();
      variant = kind;
    }
    while (!in.atEnd()) {
      int tag = in.readTag();
      if ((tag & 7) != ProtoInput.VARINT) {
        in.skip(tag, 1);
      } else if (kind == CREATE) {
        setCreateField(tag >>> 3, in.readVarint());
      } else {
        setDeleteField(tag >>> 3, in.readVarint());
      }
    }
    in.leave(outer);
  }

  private void setCreateField(int number, long value) {
    switch (number) {
      case 1 -> postId = value;
      case 2 -> authorId = value;
      case 3 -> createdAt = value;
      case 4 -> inReplyToPostId = optionalId(number, value);
      case 5 -> inReplyToUserId = optionalId(number, value);
      case 6 -> isRetweet = value != 0;
      case 7 -> isReply = value != 0;
      case 8 -> sourcePostId = optionalId(number, value);
      case 9 -> sourceUserId = optionalId(number, value);
      case 10 -> hasVideo = value != 0;
      case 11 -> conversationId = optionalId(number, value);
      default -> {
        // A field of a later contract.
      }
    }
  }

  private void setDeleteField(int number, long value) {
    switch (number) {
      case 1 -> postId = value;
      case 2 -> deletedAt = Math.max(0, value);
      case 3 -> authorId = optionalId(number, value);
      default -> {
        // A field of a later contract.
      }
    }
  }

  private long optionalId(int number, long value) {
    int bit = 1 << number;
    badIds = value > 0 ? badIds & ~bit : badIds | bit;
    return value;
  }

  private void check() throws MalformedEventException {
    if (variant == NONE) {
      throw unknownFields
          ? reject(RejectReason.UNKNOWN_VARIANT, "InNetworkEvent: no variant that is known here")
          : reject(RejectReason.NO_VARIANT, "InNetworkEvent: no variant");
    }
    if (postId == 0) {
      throw reject(RejectReason.NO_ID, "post_id is missing");
    }
    if (postId < 0) {
      throw reject(RejectReason.BAD_ID, "post_id is below zero");
    }
    if (badIds != 0) {
      throw reject(
          RejectReason.BAD_ID,
          "field %d of the event is not above zero"
              .formatted(Integer.numberOfTrailingZeros(badIds)));
    }
    if (variant == CREATE) {
      if (authorId == 0) {
        throw reject(RejectReason.NO_AUTHOR, "author_id is missing");
      }
      if (authorId < 0) {
        throw reject(RejectReason.BAD_ID, "author_id is below zero");
      }
      if (createdAt <= 0) {
        throw reject(RejectReason.NO_CREATED_AT, "created_at is missing or not above zero");
      }
    }
  }

  private static MalformedEventException reject(RejectReason reason, String message) {
    return new MalformedEventException(reason, message);
  }
}
