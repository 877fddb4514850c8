package io.thunderhead.pipeline.edge;

import com.google.protobuf.ByteString;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;

/**
 * An activity in the making, which holds what every format must give. Native ids become numbers
 * here and nowhere else; an empty one means unknown.
 */
final class ActivityDraft {
  private final Activity.Builder activity = Activity.newBuilder();

  ActivityDraft(String publisher, Verb verb, byte[] line, int length) {
    activity
        .setPublisher(publisher)
        .setVerb(verb)
        .setOriginal(ByteString.copyFrom(line, 0, length));
  }

  /** The rest of the fields, none of which is required. */
  Activity.Builder optional() {
    return activity;
  }

  ActivityDraft post(String nativeId) throws UnusableRecordException {
    if (nativeId.isEmpty()) {
      throw new UnusableRecordException(RecordFault.NO_ID);
    }
    activity.setNativeId(nativeId).setPostId(NativeIds.toLong(nativeId));
    return this;
  }

  ActivityDraft author(String nativeId) throws UnusableRecordException {
    if (nativeId.isEmpty() && activity.getVerb() != Verb.VERB_DELETE) {
      throw new UnusableRecordException(RecordFault.NO_AUTHOR);
    }
    if (!nativeId.isEmpty()) {
      activity.setNativeAuthorId(nativeId).setAuthorId(NativeIds.toLong(nativeId));
    }
    return this;
  }

  /** The time, which only a delete may leave unknown: no delete is given up for that. */
  ActivityDraft createdAt(long seconds) throws UnusableRecordException {
    if (seconds <= 0 && activity.getVerb() != Verb.VERB_DELETE) {
      throw new UnusableRecordException(RecordFault.NO_CREATED_AT);
    }
    activity.setCreatedAt(Math.max(0, seconds));
    return this;
  }

  /** A reply to a post, to a user, or with two empty ids to nothing at all. */
  ActivityDraft inReplyTo(String nativePostId, String nativeUserId) {
    if (!nativePostId.isEmpty() || !nativeUserId.isEmpty()) {
      activity.setInReplyTo(reference(nativePostId, nativeUserId));
    }
    return this;
  }

  ActivityDraft shareOf(String nativePostId, String nativeUserId) throws UnusableRecordException {
    if (nativePostId.isEmpty() && nativeUserId.isEmpty()) {
      throw new UnusableRecordException(RecordFault.NO_SOURCE);
    }
    activity.setShareOf(reference(nativePostId, nativeUserId));
    return this;
  }

  ActivityDraft conversation(String nativePostId, String nativeUserId) {
    if (!nativePostId.isEmpty()) {
      activity.setConversation(reference(nativePostId, nativeUserId));
    }
    return this;
  }

  /** One item of media; 0 leaves the duration unknown. */
  ActivityDraft media(Media.Type type, long durationMs) {
    Media.Builder media = activity.addMediaBuilder().setType(type);
    if (durationMs > 0) {
      media.setDurationMs(durationMs);
    }
    return this;
  }

  ActivityDraft url(String url) {
    if (!url.isEmpty()) {
      activity.addUrls(url);
    }
    return this;
  }

  /** A language that is not known may be empty or {@code und}. */
  ActivityDraft language(String language) {
    if (!language.equals("und")) {
      activity.setLanguage(language);
    }
    return this;
  }

  ParsedRecord accept() {
    return new ParsedRecord.Accepted(activity.build());
  }

  private static PostReference reference(String nativePostId, String nativeUserId) {
    PostReference.Builder reference = PostReference.newBuilder();
    if (!nativePostId.isEmpty()) {
      reference.setNativeId(nativePostId).setPostId(NativeIds.toLong(nativePostId));
    }
    if (!nativeUserId.isEmpty()) {
      reference.setNativeAuthorId(nativeUserId).setAuthorId(NativeIds.toLong(nativeUserId));
    }
    return reference.build();
  }
}
