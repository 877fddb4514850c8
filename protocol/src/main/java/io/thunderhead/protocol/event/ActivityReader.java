package io.thunderhead.protocol.event;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;

/**
 * A view of what readers of in-network events need of one {@code Activity}. The values are those of
 * the last {@link #read}; after a failed one they mean nothing. Not thread-safe; one per thread,
 * reused, it allocates nothing.
 *
 * <p>The wire format is read as protobuf's own classes do, as far as it goes: texts are skipped
 * unseen. Beyond that an activity has a verb and a post id, a post and a share have an author and a
 * time too, and every id that is given is above zero.
 */
public final class ActivityReader {
  /** The shortest video that makes its post a video post. */
  public static final int MIN_VIDEO_DURATION_MS = 5000;

  /** What an activity does. */
  public enum Verb {
    POST,
    SHARE,
    DELETE
  }

  private static final int POST_ID = 3;
  private static final int AUTHOR_ID = 4;
  private static final int VERB = 6;
  private static final int CREATED_AT = 7;
  private static final int MEDIA = 10;
  private static final int IN_REPLY_TO = 11;
  private static final int SHARE_OF = 12;
  private static final int CONVERSATION = 13;
  private static final int REVISION = 20;

  private static final int MEDIA_VIDEO = 3;

  private final ProtoInput in = new ProtoInput();
  private final Reference inReplyTo = new Reference();
  private final Reference shareOf = new Reference();
  private final Reference conversation = new Reference();

  private Verb verb = Verb.POST;
  private long verbNumber;
  private long postId;
  private long authorId;
  private long createdAt;
  private long revision;
  private int mediaItems;
  private boolean longVideo;

  /** Reads the activity that is exactly the {@code len} bytes from {@code off}. */
  public void read(byte[] src, int off, int len) throws MalformedEventException {
    clear();
    in.wrap(src, off, len);
    while (!in.atEnd()) {
      int tag = in.readTag();
      switch (tag) {
        case POST_ID << 3 | ProtoInput.VARINT -> postId = in.readVarint();
        case AUTHOR_ID << 3 | ProtoInput.VARINT -> authorId = in.readVarint();
        case VERB << 3 | ProtoInput.VARINT -> verbNumber = (int) in.readVarint();
        case CREATED_AT << 3 | ProtoInput.VARINT -> createdAt = in.readVarint();
        case REVISION << 3 | ProtoInput.VARINT -> revision = (int) in.readVarint();
        case MEDIA << 3 | ProtoInput.LENGTH -> readMedia();
        case IN_REPLY_TO << 3 | ProtoInput.LENGTH -> inReplyTo.read(in);
        case SHARE_OF << 3 | ProtoInput.LENGTH -> shareOf.read(in);
        case CONVERSATION << 3 | ProtoInput.LENGTH -> conversation.read(in);
        default -> in.skip(tag, 0);
      }
    }
    check();
  }

  public Verb verb() {
    return verb;
  }

  /** The post, the share or the deleted post. */
  public long postId() {
    return postId;
  }

  /** Who did it; 0 if a delete doesn't say. */
  public long authorId() {
    return authorId;
  }

  /** When it happened, in UNIX seconds; 0 if a delete doesn't say. */
  public long createdAt() {
    return createdAt;
  }

  /** True if it answers a post or a user. */
  public boolean isReply() {
    return inReplyTo.given;
  }

  /** The post that is replied to, or 0. */
  public long inReplyToPostId() {
    return inReplyTo.postId;
  }

  /** The user who is replied to, or 0. */
  public long inReplyToUserId() {
    return inReplyTo.authorId;
  }

  /** The shared post, or 0. */
  public long sourcePostId() {
    return shareOf.postId;
  }

  /** The author of the shared post, or 0. */
  public long sourceUserId() {
    return shareOf.authorId;
  }

  /** The root of the thread, or 0. */
  public long conversationId() {
    return conversation.postId;
  }

  /**
   * True if the media is exactly one item and that is a video of at least {@link
   * #MIN_VIDEO_DURATION_MS}.
   */
  public boolean video() {
    return mediaItems == 1 && longVideo;
  }

  /** 0 from the edge, 1 once enriched, 2 when it comes again with late enrichments. */
  public long revision() {
    return revision;
  }

  private void clear() {
    inReplyTo.clear();
    shareOf.clear();
    conversation.clear();
    verbNumber = 0;
    postId = 0;
    authorId = 0;
    createdAt = 0;
    revision = 0;
    mediaItems = 0;
    longVideo = false;
  }

  private void readMedia() throws MalformedEventException {
    long type = 0;
    long durationMs = 0;
    int outer = in.enter(in.readLength());
    while (!in.atEnd()) {
      int tag = in.readTag();
      switch (tag) {
        case 1 << 3 | ProtoInput.VARINT -> type = (int) in.readVarint();
        case 2 << 3 | ProtoInput.VARINT -> durationMs = in.readVarint();
        default -> in.skip(tag, 1);
      }
    }
    in.leave(outer);
    mediaItems++;
    longVideo = type == MEDIA_VIDEO && durationMs >= MIN_VIDEO_DURATION_MS;
  }

  private void check() throws MalformedEventException {
    if (verbNumber < 1 || verbNumber > 3) {
      throw reject(RejectReason.NO_VERB, "verb: missing, or not known here");
    }
    verb = verbNumber == 1 ? Verb.POST : verbNumber == 2 ? Verb.SHARE : Verb.DELETE;
    if (postId <= 0) {
      throw reject(
          postId == 0 ? RejectReason.NO_ID : RejectReason.BAD_ID, "post_id: missing or negative");
    }
    if (authorId < 0) {
      throw reject(RejectReason.BAD_ID, "author_id: negative");
    }
    if (verb != Verb.DELETE) {
      checkCreate();
    }
  }

  private void checkCreate() throws MalformedEventException {
    if (authorId == 0) {
      throw reject(RejectReason.NO_AUTHOR, "author_id: missing");
    }
    if (createdAt <= 0) {
      throw reject(RejectReason.NO_CREATED_AT, "created_at: missing or negative");
    }
    if (inReplyTo.isBad() || shareOf.isBad() || conversation.isBad()) {
      throw reject(RejectReason.BAD_ID, "in_reply_to, share_of or conversation: a negative id");
    }
  }

  private static MalformedEventException reject(RejectReason reason, String message) {
    return new MalformedEventException(reason, "Activity: " + message);
  }

  /** One {@code PostReference}; one that comes twice is merged. */
  private static final class Reference {
    private boolean given;
    private long postId;
    private long authorId;

    void clear() {
      given = false;
      postId = 0;
      authorId = 0;
    }

    void read(ProtoInput in) throws MalformedEventException {
      given = true;
      int outer = in.enter(in.readLength());
      while (!in.atEnd()) {
        int tag = in.readTag();
        switch (tag) {
          case 1 << 3 | ProtoInput.VARINT -> postId = in.readVarint();
          case 2 << 3 | ProtoInput.VARINT -> authorId = in.readVarint();
          default -> in.skip(tag, 1);
        }
      }
      in.leave(outer);
    }

    boolean isBad() {
      return postId < 0 || authorId < 0;
    }
  }
}
