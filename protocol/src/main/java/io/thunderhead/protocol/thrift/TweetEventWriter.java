package io.thunderhead.protocol.thrift;

import java.util.Arrays;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.AutoExpandingBufferWriteTransport;
import org.apache.thrift.transport.TTransportException;

/**
 * Writes {@code TweetEvent}s as the legacy producers do, one at a time into its own buffer. Each
 * write replaces the one before; copy the bytes out of {@link #buffer} first. It checks nothing, so
 * that it can also write what readers must reject. Not thread-safe.
 */
public final class TweetEventWriter {
  private static final TField STRUCT_1 = field(TType.STRUCT, 1);
  private static final TField STRUCT_2 = field(TType.STRUCT, 2);
  private static final TField STRUCT_3 = field(TType.STRUCT, 3);
  private static final TField REPLY = field(TType.STRUCT, 5);
  private static final TField SHARE = field(TType.STRUCT, 7);
  private static final TField QUOTED_DELETE = field(TType.STRUCT, 10);
  private static final TField MEDIA_INFO = field(TType.STRUCT, 15);
  private static final TField TEXT = field(TType.STRING, 2);
  private static final TField MEDIA = field(TType.LIST, 7);
  private static final TField NULLCAST = field(TType.BOOL, 11);
  private static final TField DURATION = field(TType.I32, 1);
  private static final TField[] I64 = new TField[15];

  static {
    for (int id = 1; id < I64.length; id++) {
      I64[id] = field(TType.I64, id);
    }
  }

  private final AutoExpandingBufferWriteTransport out;
  private final TBinaryProtocol protocol;

  /** A writer that has written nothing yet. */
  public TweetEventWriter() {
    try {
      out = new AutoExpandingBufferWriteTransport(new TConfiguration(), 512, 0);
    } catch (TTransportException e) {
      throw new IllegalStateException("an empty transport can't exceed its limits", e);
    }
    protocol = new TBinaryProtocol(out);
  }

  /** The bytes of the last event, from 0 to {@link #length}; overwritten by the next write. */
  public byte[] buffer() {
    return out.getBuf().array();
  }

  /** How many bytes the last event has. */
  public int length() {
    return out.getLength();
  }

  /** The last event in an array of its own. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer(), length());
  }

  /** Writes a create and gives its length. */
  public int writeCreate(TweetFields tweet) {
    return write(
        tweet.timestampMs,
        () -> {
          protocol.writeFieldBegin(STRUCT_1);
          protocol.writeFieldBegin(STRUCT_1);
          writeTweet(tweet);
          writeUser(tweet.userId);
          protocol.writeFieldStop();
        });
  }

  /** Writes a create that has a user but no tweet, which is malformed. */
  public int writeCreateWithoutTweet(long userId, long timestampMs) {
    return write(
        timestampMs,
        () -> {
          protocol.writeFieldBegin(STRUCT_1);
          writeUser(userId);
          protocol.writeFieldStop();
        });
  }

  /** Writes a delete; the author goes into the tweet's core data, or with 0 nowhere. */
  public int writeDelete(long postId, long authorId, long timestampMs) {
    return write(
        timestampMs,
        () -> {
          protocol.writeFieldBegin(STRUCT_2);
          writeBareTweet(postId, authorId);
          protocol.writeFieldStop();
        });
  }

  /** Writes the delete of a post that another one quotes; absent ids are 0. */
  public int writeQuotedDelete(
      long quotingPostId,
      long quotingUserId,
      long quotedPostId,
      long quotedUserId,
      long timestampMs) {
    return write(
        timestampMs,
        () -> {
          protocol.writeFieldBegin(QUOTED_DELETE);
          writeLong(1, quotingPostId);
          writeLong(2, quotingUserId);
          writeLong(3, quotedPostId);
          writeLong(4, quotedUserId);
          protocol.writeFieldStop();
        });
  }

  /**
   * Writes an event under any arm of the data's union, such as 5 for an undelete, holding no more
   * than a tweet with its id and author.
   */
  public int writeOther(int arm, long postId, long authorId, long timestampMs) {
    return write(
        timestampMs,
        () -> {
          protocol.writeFieldBegin(field(TType.STRUCT, arm));
          writeBareTweet(postId, authorId);
          protocol.writeFieldStop();
        });
  }

  /** Writes an event that has flags and no data, which is malformed. */
  public int writeWithoutData(long timestampMs) {
    out.reset();
    try {
      writeFlags(timestampMs);
      protocol.writeFieldStop();
    } catch (TException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return length();
  }

  private int write(long timestampMs, Arm arm) {
    out.reset();
    try {
      protocol.writeFieldBegin(STRUCT_1);
      arm.write();
      protocol.writeFieldStop();
      writeFlags(timestampMs);
      protocol.writeFieldStop();
    } catch (TException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return length();
  }

  private void writeFlags(long timestampMs) throws TException {
    if (timestampMs != 0) {
      protocol.writeFieldBegin(STRUCT_2);
      writeLong(2, timestampMs);
      protocol.writeFieldStop();
    }
  }

  private void writeUser(long userId) throws TException {
    if (userId != 0) {
      protocol.writeFieldBegin(STRUCT_2);
      writeLong(1, userId);
      protocol.writeFieldStop();
    }
  }

  private void writeBareTweet(long postId, long authorId) throws TException {
    protocol.writeFieldBegin(STRUCT_1);
    writeLong(1, postId);
    if (authorId != 0) {
      protocol.writeFieldBegin(STRUCT_2);
      writeLong(1, authorId);
      protocol.writeFieldStop();
    }
    protocol.writeFieldStop();
  }

  private void writeTweet(TweetFields tweet) throws TException {
    writeLong(1, tweet.postId);
    protocol.writeFieldBegin(STRUCT_2);
    writeCoreData(tweet);
    protocol.writeFieldStop();
    int media = tweet.images + tweet.animatedGifs + tweet.videos;
    if (media > 0) {
      protocol.writeFieldBegin(MEDIA);
      protocol.writeListBegin(new TList(TType.STRUCT, media));
      for (int i = 0; i < tweet.images; i++) {
        writeMedia(STRUCT_1, 0);
      }
      for (int i = 0; i < tweet.animatedGifs; i++) {
        writeMedia(STRUCT_2, 0);
      }
      for (int i = 0; i < tweet.videos; i++) {
        writeMedia(STRUCT_3, tweet.videoDurationMs);
      }
    }
    protocol.writeFieldStop();
  }

  private void writeCoreData(TweetFields tweet) throws TException {
    writeLong(1, tweet.coreUserId);
    byte[] text = tweet.text;
    if (text != null) {
      protocol.writeFieldBegin(TEXT);
      protocol.writeI32(text.length);
      out.write(text, 0, text.length);
    }
    writeLong(4, tweet.createdAtSeconds);
    if (tweet.hasReply) {
      protocol.writeFieldBegin(REPLY);
      writeLong(1, tweet.inReplyToPostId);
      writeLong(2, tweet.inReplyToUserId);
      protocol.writeFieldStop();
    }
    if (tweet.hasShare) {
      protocol.writeFieldBegin(SHARE);
      writeLong(1, tweet.sourcePostId);
      writeLong(2, tweet.sourceUserId);
      protocol.writeFieldStop();
    }
    if (tweet.nullcast) {
      protocol.writeFieldBegin(NULLCAST);
      protocol.writeBool(true);
    }
    writeLong(14, tweet.conversationId);
  }

  private void writeMedia(TField type, int durationMs) throws TException {
    protocol.writeFieldBegin(MEDIA_INFO);
    protocol.writeFieldBegin(type);
    if (durationMs != 0) {
      protocol.writeFieldBegin(DURATION);
      protocol.writeI32(durationMs);
    }
    protocol.writeFieldStop();
    protocol.writeFieldStop();
    protocol.writeFieldStop();
  }

  private void writeLong(int id, long value) throws TException {
    if (value != 0) {
      protocol.writeFieldBegin(I64[id]);
      protocol.writeI64(value);
    }
  }

  private static TField field(byte type, int id) {
    return new TField("", type, (short) id);
  }

  /** The one event that the data's union holds. */
  @FunctionalInterface
  private interface Arm {
    void write() throws TException;
  }
}
