package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/**
 * Our own activities as protobuf's JSON. Where a number is left out and the native id is there, the
 * number is derived from it, so that a file can be written by hand.
 */
final class ActivityJsonParser implements RecordParser {
  private static final JsonFormat.Parser JSON = JsonFormat.parser().ignoringUnknownFields();

  @Override
  public ParsedRecord parse(byte[] line, int length) {
    Activity.Builder activity = Activity.newBuilder();
    try {
      String json = UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length)).toString();
      JSON.merge(json, activity);
      return complete(activity);
    } catch (UnusableRecordException e) {
      return new ParsedRecord.Malformed(e.fault());
    } catch (CharacterCodingException | InvalidProtocolBufferException e) {
      return new ParsedRecord.Malformed(RecordFault.NOT_JSON);
    }
  }

  private static ParsedRecord complete(Activity.Builder activity) throws UnusableRecordException {
    Verb verb = activity.getVerb();
    if (verb == Verb.VERB_UNSPECIFIED || verb == Verb.UNRECOGNIZED) {
      throw new UnusableRecordException(RecordFault.NO_VERB);
    }
    activity.setPostId(id(activity.getPostId(), activity.getNativeId()));
    activity.setAuthorId(id(activity.getAuthorId(), activity.getNativeAuthorId()));
    if (activity.getPostId() == 0) {
      throw new UnusableRecordException(RecordFault.NO_ID);
    }
    if (activity.getAuthorId() == 0 && verb != Verb.VERB_DELETE) {
      throw new UnusableRecordException(RecordFault.NO_AUTHOR);
    }
    if (activity.getCreatedAt() <= 0 && verb != Verb.VERB_DELETE) {
      throw new UnusableRecordException(RecordFault.NO_CREATED_AT);
    }
    activity.setCreatedAt(Math.max(0, activity.getCreatedAt()));
    if (verb == Verb.VERB_SHARE && !activity.hasShareOf()) {
      throw new UnusableRecordException(RecordFault.NO_SOURCE);
    }
    if (activity.hasInReplyTo()) {
      activity.setInReplyTo(complete(activity.getInReplyTo()));
    }
    if (activity.hasShareOf()) {
      activity.setShareOf(complete(activity.getShareOf()));
    }
    if (activity.hasConversation()) {
      activity.setConversation(complete(activity.getConversation()));
    }
    return new ParsedRecord.Accepted(activity.build());
  }

  private static PostReference complete(PostReference reference) throws UnusableRecordException {
    return reference.toBuilder()
        .setPostId(id(reference.getPostId(), reference.getNativeId()))
        .setAuthorId(id(reference.getAuthorId(), reference.getNativeAuthorId()))
        .build();
  }

  private static long id(long given, String nativeId) throws UnusableRecordException {
    if (given < 0) {
      throw new UnusableRecordException(RecordFault.BAD_ID);
    }
    return given == 0 && !nativeId.isEmpty() ? NativeIds.toLong(nativeId) : given;
  }
}
