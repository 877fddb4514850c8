package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.PostReference;

/**
 * Writes activities as the {@code TweetEvent}s that a legacy producer would send, one at a time
 * into its own buffer. What a {@code TweetEvent} has no field for is left out. Not thread-safe.
 */
public final class ActivityToTweetEvent {
  private final TweetEventWriter writer = new TweetEventWriter();
  private final TweetFields tweet = new TweetFields();

  /** The bytes of the last event, from 0 to {@link #length}; overwritten by the next write. */
  public byte[] buffer() {
    return writer.buffer();
  }

  /** How many bytes the last event has. */
  public int length() {
    return writer.length();
  }

  /** The last event in an array of its own. */
  public byte[] toByteArray() {
    return writer.toByteArray();
  }

  /** The id whose decimal form is the event's key: the author's, else the post's. */
  public static long keyOf(Activity activity) {
    return activity.getAuthorId() != 0 ? activity.getAuthorId() : activity.getPostId();
  }

  /**
   * Writes an activity whose times are moved by {@code shiftSeconds}, and gives its length. A
   * delete that doesn't say when stays so.
   */
  public int write(Activity activity, long shiftSeconds) {
    long seconds = activity.getCreatedAt() == 0 ? 0 : activity.getCreatedAt() + shiftSeconds;
    return switch (activity.getVerb()) {
      case VERB_POST, VERB_SHARE -> writer.writeCreate(fields(activity, seconds));
      case VERB_DELETE ->
          writer.writeDelete(activity.getPostId(), activity.getAuthorId(), seconds * 1000);
      case VERB_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an activity without a verb is no event");
    };
  }

  private TweetFields fields(Activity activity, long seconds) {
    tweet.clear();
    tweet.postId = activity.getPostId();
    tweet.userId = activity.getAuthorId();
    tweet.coreUserId = activity.getAuthorId();
    tweet.text = activity.getText().getBytes(UTF_8);
    tweet.createdAtSeconds = seconds;
    tweet.timestampMs = seconds * 1000;
    tweet.hasReply = activity.hasInReplyTo();
    PostReference parent = activity.getInReplyTo();
    tweet.inReplyToPostId = parent.getPostId();
    tweet.inReplyToUserId = parent.getAuthorId();
    tweet.hasShare = activity.hasShareOf();
    PostReference source = activity.getShareOf();
    tweet.sourcePostId = source.getPostId();
    tweet.sourceUserId = source.getAuthorId();
    tweet.conversationId = activity.getConversation().getPostId();
    for (Media media : activity.getMediaList()) {
      switch (media.getType()) {
        case TYPE_VIDEO -> {
          tweet.videos++;
          tweet.videoDurationMs = (int) Math.min(Integer.MAX_VALUE, media.getDurationMs());
        }
        case TYPE_ANIMATED_GIF -> tweet.animatedGifs++;
        case TYPE_PHOTO, TYPE_UNSPECIFIED, UNRECOGNIZED -> tweet.images++;
      }
    }
    return tweet;
  }
}
