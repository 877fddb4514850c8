package io.thunderhead.protocol.thrift;

import static org.apache.thrift.partial.TFieldData.getId;
import static org.apache.thrift.partial.TFieldData.getType;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.apache.thrift.transport.TTransportException;

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

  private static final byte[] NOTHING = {};

  private final TMemoryInputTransport in;
  private final BoundedBinaryProtocol protocol;

  private Kind kind = Kind.OTHER;
  private int arms;
  private boolean wrongArm;
  private long timestampMs;

  private boolean hasTweet;
  private final OptionalId tweetId = new OptionalId("tweet.id");
  private final OptionalId userId = new OptionalId("user.id");
  private final OptionalId coreUserId = new OptionalId("tweet.core_data.user_id");
  private final OptionalId replyPostId = new OptionalId("reply.in_reply_to_status_id");
  private final OptionalId replyUserId = new OptionalId("reply.in_reply_to_user_id");
  private final OptionalId sourcePostId = new OptionalId("share.source_status_id");
  private final OptionalId sourceUserId = new OptionalId("share.source_user_id");
  private final OptionalId conversationId = new OptionalId("core_data.conversation_id");
  private final OptionalId quotingTweetId = new OptionalId("quoting_tweet_id");
  private final OptionalId quotingUserId = new OptionalId("quoting_user_id");
  private long createdAtSeconds;
  private boolean hasReply;
  private boolean hasShare;
  private boolean nullcast;
  private boolean video;
  private boolean mediaIsVideo;

  private long postId;
  private long authorId;

  /** A reader that has read nothing yet. */
  public TweetEventReader() {
    try {
      in =
          new TMemoryInputTransport(
              new TConfiguration(Integer.MAX_VALUE, Integer.MAX_VALUE, MAX_SKIP_DEPTH), NOTHING);
    } catch (TTransportException e) {
      throw new IllegalStateException("an empty transport can't exceed its limits", e);
    }
    protocol = new BoundedBinaryProtocol(in);
  }

  /** Reads the event that is exactly the {@code len} bytes from {@code off}. */
  public void read(byte[] src, int off, int len) throws MalformedEventException {
    timestampMs = 0;
    clearData();
    in.reset(src, off, len);
    try {
      readTweetEvent();
    } catch (TException e) {
      throw malformed(e);
    } finally {
      in.reset(NOTHING, 0, 0);
    }
    check();
  }

  /** Which event it was. */
  public Kind kind() {
    return kind;
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
    return createdAtSeconds;
  }

  /** True if the create has a {@code reply}, be it only for a leading mention. */
  public boolean hasReply() {
    return hasReply;
  }

  /** The post that is replied to, or 0. */
  public long inReplyToPostId() {
    return replyPostId.value;
  }

  /** The user who is replied to or mentioned first, or 0. */
  public long inReplyToUserId() {
    return replyUserId.value;
  }

  /** True if the create has a {@code share}: it is a retweet. */
  public boolean hasShare() {
    return hasShare;
  }

  /** The retweeted post, never itself a retweet, or 0. */
  public long sourcePostId() {
    return sourcePostId.value;
  }

  /** The author of the retweeted post, or 0. */
  public long sourceUserId() {
    return sourceUserId.value;
  }

  /** True if the post is shown to nobody's followers. */
  public boolean nullcast() {
    return nullcast;
  }

  /** The root of the post's thread, or 0. */
  public long conversationId() {
    return conversationId.value;
  }

  /**
   * True if the post's media is exactly one item and that is a video of at least {@link
   * #MIN_VIDEO_DURATION_MS}; one that doesn't give its duration is not.
   */
  public boolean video() {
    return video;
  }

  /** When the event happened, in UNIX milliseconds, or 0 if it doesn't say. */
  public long timestampMs() {
    return timestampMs;
  }

  private void clearData() {
    kind = Kind.OTHER;
    arms = 0;
    wrongArm = false;
    clearTweet();
    userId.clear();
    quotingTweetId.clear();
    quotingUserId.clear();
  }

  private void clearTweet() {
    hasTweet = false;
    tweetId.clear();
    video = false;
    clearCoreData();
  }

  private void clearCoreData() {
    coreUserId.clear();
    conversationId.clear();
    createdAtSeconds = 0;
    nullcast = false;
    clearReply();
    clearShare();
  }

  private void clearReply() {
    hasReply = false;
    replyPostId.clear();
    replyUserId.clear();
  }

  private void clearShare() {
    hasShare = false;
    sourcePostId.clear();
    sourceUserId.clear();
  }

  private void readTweetEvent() throws TException, MalformedEventException {
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.STRUCT)) {
        readData();
      } else if (is(field, 2, TType.STRUCT)) {
        readFlags();
      } else {
        skip(field);
      }
    }
    if (in.getBytesRemainingInBuffer() > 0) {
      throw new MalformedEventException(
          RejectReason.TRAILING_BYTES, "TweetEvent: bytes after its end");
    }
  }

  private void readFlags() throws TException {
    timestampMs = 0;
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 2, TType.I64)) {
        timestampMs = Math.max(0, protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  private void readData() throws TException {
    clearData();
    for (int field; (field = next()) != TType.STOP; ) {
      Kind arm = armOf(getId(field));
      if (arm == Kind.OTHER) {
        arms++;
        kind = arm;
        skip(field);
      } else if (getType(field) != TType.STRUCT) {
        wrongArm = true;
        skip(field);
      } else {
        arms++;
        kind = arm;
        if (arm == Kind.QUOTED_DELETE) {
          readQuotedDelete();
        } else {
          readCreateOrDelete(arm);
        }
      }
    }
  }

  private static Kind armOf(short id) {
    return switch (id) {
      case 1 -> Kind.CREATE;
      case 2 -> Kind.DELETE;
      case 10 -> Kind.QUOTED_DELETE;
      default -> Kind.OTHER;
    };
  }

  private void readCreateOrDelete(Kind arm) throws TException {
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.STRUCT)) {
        readTweet();
      } else if (arm == Kind.CREATE && is(field, 2, TType.STRUCT)) {
        readUser();
      } else {
        skip(field);
      }
    }
  }

  private void readQuotedDelete() throws TException {
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        quotingTweetId.set(protocol.readI64());
      } else if (is(field, 2, TType.I64)) {
        quotingUserId.set(protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  private void readUser() throws TException {
    userId.clear();
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        userId.set(protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  private void readTweet() throws TException {
    clearTweet();
    hasTweet = true;
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        tweetId.set(protocol.readI64());
      } else if (is(field, 2, TType.STRUCT)) {
        readCoreData();
      } else if (is(field, 7, TType.LIST)) {
        readMedia();
      } else {
        skip(field);
      }
    }
  }

  private void readCoreData() throws TException {
    clearCoreData();
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        coreUserId.set(protocol.readI64());
      } else if (is(field, 4, TType.I64)) {
        createdAtSeconds = protocol.readI64();
      } else if (is(field, 5, TType.STRUCT)) {
        readReply();
      } else if (is(field, 7, TType.STRUCT)) {
        readShare();
      } else if (is(field, 11, TType.BOOL)) {
        nullcast = protocol.readBool();
      } else if (is(field, 14, TType.I64)) {
        conversationId.set(protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  private void readReply() throws TException {
    clearReply();
    hasReply = true;
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        replyPostId.set(protocol.readI64());
      } else if (is(field, 2, TType.I64)) {
        replyUserId.set(protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  private void readShare() throws TException {
    clearShare();
    hasShare = true;
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I64)) {
        sourcePostId.set(protocol.readI64());
      } else if (is(field, 2, TType.I64)) {
        sourceUserId.set(protocol.readI64());
      } else {
        skip(field);
      }
    }
  }

  /** A list of anything but structs is no list of media: it is skipped, and there are none. */
  private void readMedia() throws TException {
    video = false;
    byte elementType = protocol.readByte();
    int size = protocol.readI32();
    int left = in.getBytesRemainingInBuffer();
    if (size < 0 || (long) size * protocol.getMinSerializedSize(elementType) > left) {
      throw new TProtocolException(TProtocolException.SIZE_LIMIT, "media: size beyond the record");
    }
    if (elementType != TType.STRUCT) {
      for (int i = 0; i < size; i++) {
        protocol.skip(elementType, MAX_SKIP_DEPTH);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      readMediaEntity();
    }
    video = size == 1 && mediaIsVideo;
  }

  private void readMediaEntity() throws TException {
    mediaIsVideo = false;
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 15, TType.STRUCT)) {
        readMediaInfo();
      } else {
        skip(field);
      }
    }
  }

  private void readMediaInfo() throws TException {
    mediaIsVideo = false;
    for (int field; (field = next()) != TType.STOP; ) {
      mediaIsVideo = false;
      if (is(field, 3, TType.STRUCT)) {
        readVideoInfo();
      } else {
        skip(field);
      }
    }
  }

  private void readVideoInfo() throws TException {
    for (int field; (field = next()) != TType.STOP; ) {
      if (is(field, 1, TType.I32)) {
        mediaIsVideo = protocol.readI32() >= MIN_VIDEO_DURATION_MS;
      } else {
        skip(field);
      }
    }
  }

  /** The type and id of the next field in one int; {@link TType#STOP} at the struct's end. */
  private int next() throws TException {
    return protocol.readFieldBeginData();
  }

  private static boolean is(int field, int id, byte type) {
    return getId(field) == id && getType(field) == type;
  }

  private void skip(int field) throws TException {
    protocol.skip(getType(field), MAX_SKIP_DEPTH);
  }

  private void check() throws MalformedEventException {
    if (arms == 0) {
      throw reject(
          RejectReason.NO_DATA,
          wrongArm ? "TweetEvent.data: not a struct" : "TweetEvent.data is missing");
    }
    if (arms > 1) {
      throw reject(RejectReason.SEVERAL_EVENTS, "TweetEvent.data: several events in one");
    }
    switch (kind) {
      case CREATE -> checkCreate();
      case DELETE -> checkDelete();
      case QUOTED_DELETE -> {
        postId = quotingTweetId.required(RejectReason.NO_ID);
        authorId = quotingUserId.optional();
      }
      case OTHER -> {
        postId = 0;
        authorId = 0;
      }
    }
  }

  private void checkCreate() throws MalformedEventException {
    checkTweet();
    long fromCore = coreUserId.optional();
    authorId = userId.given ? userId.optional() : fromCore;
    if (authorId == 0) {
      throw reject(RejectReason.NO_AUTHOR, "user.id and core_data.user_id are missing");
    }
    if (fromCore != 0 && fromCore != authorId) {
      throw reject(RejectReason.AUTHOR_MISMATCH, "user.id and core_data.user_id differ");
    }
    if (createdAtSeconds <= 0) {
      throw reject(
          RejectReason.NO_CREATED_AT, "core_data.created_at_secs is missing or not above zero");
    }
    replyPostId.optional();
    replyUserId.optional();
    sourcePostId.optional();
    sourceUserId.optional();
    conversationId.optional();
  }

  private void checkDelete() throws MalformedEventException {
    checkTweet();
    authorId = coreUserId.optional();
  }

  private void checkTweet() throws MalformedEventException {
    if (!hasTweet) {
      throw reject(RejectReason.NO_TWEET, "tweet is missing");
    }
    postId = tweetId.required(RejectReason.NO_ID);
  }

  private static MalformedEventException reject(RejectReason reason, String message) {
    return new MalformedEventException(reason, message);
  }

  private static MalformedEventException malformed(TException e) {
    boolean tooDeep =
        e instanceof TProtocolException thrift
            && thrift.getType() == TProtocolException.DEPTH_LIMIT;
    return tooDeep
        ? reject(RejectReason.TOO_DEEP, "TweetEvent: nested deeper than " + MAX_SKIP_DEPTH)
        : reject(RejectReason.NOT_THRIFT, "TweetEvent: " + e.getMessage());
  }

  /** An id that may be absent: 0 is its value then, which is never that of one which is given. */
  private static final class OptionalId {
    private final String field;
    private long value;
    private boolean given;

    OptionalId(String field) {
      this.field = field;
    }

    void clear() {
      value = 0;
      given = false;
    }

    void set(long value) {
      this.value = value;
      given = true;
    }

    long optional() throws MalformedEventException {
      if (given && value <= 0) {
        throw reject(RejectReason.BAD_ID, field + " is not above zero");
      }
      return value;
    }

    long required(RejectReason missing) throws MalformedEventException {
      if (!given) {
        throw reject(missing, field + " is missing");
      }
      return optional();
    }
  }
}
