package io.thunderhead.pipeline.transform;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.event.ActivityReader;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads activities, enriched or as the edge wrote them. The second record of an activity whose
 * enrichments were late says nothing new to readers of in-network events; a delete always counts.
 */
final class ActivityDecoder implements EventDecoder {
  /** Up to here a record is the first that readers see of its activity. */
  private static final int LAST_FIRST_REVISION = 1;

  private final long futureSkewSeconds;
  private final ActivityReader activity = new ActivityReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();

  ActivityDecoder(TransformConfig config) {
    futureSkewSeconds = config.futureSkewSeconds();
  }

  @Override
  public @Nullable FilterReason decode(byte[] src, int offset, int length, long nowMs)
      throws MalformedEventException {
    activity.read(src, offset, length);
    if (activity.revision() > LAST_FIRST_REVISION) {
      return FilterReason.LATE_REVISION;
    }
    long nowSeconds = nowMs / 1000;
    if (activity.verb() == ActivityReader.Verb.DELETE) {
      long deletedAt = activity.createdAt() > 0 ? activity.createdAt() : nowSeconds;
      writer.writeDelete(activity.postId(), deletedAt, activity.authorId());
      return null;
    }
    if (activity.createdAt() - futureSkewSeconds > nowSeconds) {
      throw new MalformedEventException(
          RejectReason.CREATED_IN_FUTURE,
          "created_at: more than " + futureSkewSeconds + " s in the future");
    }
    writer.writeCreate(
        activity.postId(),
        activity.authorId(),
        activity.createdAt(),
        activity.inReplyToPostId(),
        activity.inReplyToUserId(),
        activity.verb() == ActivityReader.Verb.SHARE,
        activity.isReply(),
        activity.sourcePostId(),
        activity.sourceUserId(),
        activity.video(),
        activity.conversationId());
    return null;
  }

  @Override
  public byte[] output() {
    return writer.buffer();
  }

  @Override
  public int outputLength() {
    return writer.length();
  }

  @Override
  public long keyId() {
    return activity.authorId() > 0 ? activity.authorId() : activity.postId();
  }

  @Override
  public long eventTimeMs() {
    return Math.max(0, activity.createdAt()) * 1000;
  }
}
