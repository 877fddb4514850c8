package io.thunderhead.protocol.thrift;

import static org.apache.thrift.partial.TFieldData.getId;
import static org.apache.thrift.partial.TFieldData.getType;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.thrift.TweetEventReader.Kind;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TProtocolException;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;
import org.apache.thrift.transport.TTransportException;

/**
 * The fields of one {@code TweetEvent} as they are on the wire. It walks the structs and says what
 * was there, not whether that makes sense; {@link TweetEventReader} does. Entering a struct forgets
 * what an earlier one of the same field held, as generated code does by replacing it.
 */
final class TweetEventWire {
  private static final byte[] NOTHING = {};

  private final TMemoryInputTransport in;
  private final BoundedBinaryProtocol protocol;

  Kind kind = Kind.OTHER;

  /** How many events the data holds. */
  int arms;

  long timestampMs;
  boolean hasTweet;
  final OptionalId tweetId = new OptionalId("tweet.id");
  final OptionalId userId = new OptionalId("user.id");
  final OptionalId coreUserId = new OptionalId("tweet.core_data.user_id");
  final OptionalId replyPostId = new OptionalId("reply.in_reply_to_status_id");
  final OptionalId replyUserId = new OptionalId("reply.in_reply_to_user_id");
  final OptionalId sourcePostId = new OptionalId("share.source_status_id");
  final OptionalId sourceUserId = new OptionalId("share.source_user_id");
  final OptionalId conversationId = new OptionalId("core_data.conversation_id");
  final OptionalId quotingTweetId = new OptionalId("quoting_tweet_id");
  final OptionalId quotingUserId = new OptionalId("quoting_user_id");
  long createdAtSeconds;
  boolean hasReply;
  boolean hasShare;
  boolean nullcast;
  boolean video;

  private boolean mediaIsVideo;

  TweetEventWire() {
    try {
      in =
          new TMemoryInputTransport(
              new TConfiguration(
                  Integer.MAX_VALUE, Integer.MAX_VALUE, TweetEventReader.MAX_SKIP_DEPTH),
              NOTHING);
    } catch (TTransportException e) {
      throw new IllegalStateException("an empty transport can't exceed its limits", e);
    }
    protocol = new BoundedBinaryProtocol(in);
  }

  void read(byte[] src, int off, int len) throws MalformedEventException {
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
  }

  private void clearData() {
    kind = Kind.OTHER;
    arms = 0;
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
        protocol.skip(elementType, TweetEventReader.MAX_SKIP_DEPTH);
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
        mediaIsVideo = protocol.readI32() >= TweetEventReader.MIN_VIDEO_DURATION_MS;
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
    protocol.skip(getType(field), TweetEventReader.MAX_SKIP_DEPTH);
  }

  private static MalformedEventException malformed(TException e) {
    boolean tooDeep =
        e instanceof TProtocolException thrift
            && thrift.getType() == TProtocolException.DEPTH_LIMIT;
    return tooDeep
        ? new MalformedEventException(
            RejectReason.TOO_DEEP,
            "TweetEvent: nested deeper than " + TweetEventReader.MAX_SKIP_DEPTH)
        : new MalformedEventException(RejectReason.NOT_THRIFT, "TweetEvent: " + e.getMessage());
  }
}
