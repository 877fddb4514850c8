package io.thunderhead.app.audit;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.v1.Verb;
import java.io.IOException;

/**
 * Which post an event is about and whether it makes or deletes it: what stays the same from topic
 * to topic. An event that can't be read, or that no stage passes on, has none; whether such an
 * event was rightly left out is for the counts to say.
 */
interface EventIdentity {
  /** No identity. */
  long NONE = 0;

  /** The number of the event in the bytes, exact for every positive post id; {@link #NONE}. */
  long of(byte[] src, int offset, int length);

  /** True if the last event is of a kind that a setting may tell a stage to leave out. */
  default boolean leftOutBySetting() {
    return false;
  }

  /** True if the last event was an activity that came again with late enrichments. */
  default boolean late() {
    return false;
  }

  /** How a stage's input is told apart: activities by their topics' names, all else is Thrift. */
  static EventIdentity ofInput(String topic) {
    return holdsActivities(topic) ? new OfActivity() : new OfTweet();
  }

  /** How a stage's output is told apart: activities by their topics' names, all else in-network. */
  static EventIdentity ofOutput(String topic) {
    return holdsActivities(topic) ? new OfActivity() : new InNetwork();
  }

  private static boolean holdsActivities(String topic) {
    return topic.equals(Topics.ACTIVITIES)
        || topic.equals(Topics.ENRICHED_ACTIVITIES)
        || topic.equals(Topics.LATE_ENRICHMENTS);
  }

  private static long number(long postId, boolean delete) {
    return postId <= 0 ? NONE : postId << 1 | (delete ? 1 : 0);
  }

  /** Of Thrift {@code TweetEvent}s. */
  final class OfTweet implements EventIdentity {
    private final TweetEventReader reader = new TweetEventReader();
    private boolean quotedDelete;

    @Override
    public boolean leftOutBySetting() {
      return quotedDelete;
    }

    @Override
    public long of(byte[] src, int offset, int length) {
      quotedDelete = false;
      try {
        reader.read(src, offset, length);
      } catch (MalformedEventException e) {
        return NONE;
      }
      quotedDelete = reader.kind() == TweetEventReader.Kind.QUOTED_DELETE;
      return switch (reader.kind()) {
        case CREATE -> reader.nullcast() ? NONE : number(reader.postId(), false);
        case DELETE, QUOTED_DELETE -> number(reader.postId(), true);
        case OTHER -> NONE;
      };
    }
  }

  /** Of {@code InNetworkEvent}s. */
  final class InNetwork implements EventIdentity {
    private final InNetworkEventReader reader = new InNetworkEventReader();

    @Override
    public long of(byte[] src, int offset, int length) {
      try {
        reader.read(src, offset, length);
        return number(reader.postId(), reader.isDelete());
      } catch (MalformedEventException e) {
        return NONE;
      }
    }
  }

  /** Of {@code Activity} messages, of which only three numbers are read. */
  final class OfActivity implements EventIdentity {
    private static final int POST_ID = 3;
    private static final int VERB = 6;
    private static final int REVISION = 20;

    private final boolean beginningIsEnough;
    private boolean late;

    OfActivity() {
      this(false);
    }

    /** Also of bytes of which only the beginning is there, as a dead letter may have them. */
    OfActivity(boolean beginningIsEnough) {
      this.beginningIsEnough = beginningIsEnough;
    }

    @Override
    public long of(byte[] src, int offset, int length) {
      long postId = 0;
      int verb = 0;
      int revision = 0;
      try {
        CodedInputStream in = CodedInputStream.newInstance(src, offset, length);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          switch (WireFormat.getTagFieldNumber(tag)) {
            case POST_ID -> postId = in.readInt64();
            case VERB -> verb = in.readEnum();
            case REVISION -> revision = in.readInt32();
            default -> in.skipField(tag);
          }
        }
      } catch (IOException e) {
        if (!beginningIsEnough) {
          return NONE;
        }
      }
      late = revision > 1;
      return number(postId, verb == Verb.VERB_DELETE_VALUE);
    }

    @Override
    public boolean late() {
      return late;
    }
  }
}
