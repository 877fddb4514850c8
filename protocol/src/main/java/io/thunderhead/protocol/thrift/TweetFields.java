package io.thunderhead.protocol.thrift;

import org.jspecify.annotations.Nullable;

/**
 * What goes into a {@code TweetCreateEvent}: a mutable carrier, reused by its caller. Absent is 0
 * for every number, so that leaving a required one out, or setting it below zero, gives an event
 * that readers must reject.
 */
public final class TweetFields {
  /** {@code tweet.id}. */
  public long postId;

  /** {@code user.id}; 0: the event has no user. */
  public long userId;

  /** {@code tweet.core_data.user_id}. */
  public long coreUserId;

  /** {@code tweet.core_data.text} in UTF-8. */
  public byte @Nullable [] text;

  /** {@code tweet.core_data.created_at_secs}. */
  public long createdAtSeconds;

  /** Whether there is a {@code reply}, which may hold neither id. */
  public boolean hasReply;

  /** {@code reply.in_reply_to_status_id}. */
  public long inReplyToPostId;

  /** {@code reply.in_reply_to_user_id}. */
  public long inReplyToUserId;

  /** Whether there is a {@code share}, which may hold neither id. */
  public boolean hasShare;

  /** {@code share.source_status_id}. */
  public long sourcePostId;

  /** {@code share.source_user_id}. */
  public long sourceUserId;

  /** {@code core_data.nullcast}; false is left out. */
  public boolean nullcast;

  /** {@code core_data.conversation_id}. */
  public long conversationId;

  /** How many images the media has. */
  public int images;

  /** How many animated gifs the media has. */
  public int animatedGifs;

  /** How many videos the media has. */
  public int videos;

  /** The duration of each video; 0: they don't give it. */
  public int videoDurationMs;

  /** {@code flags.timestamp_ms}; 0: the event has no flags. */
  public long timestampMs;

  /** Makes every field absent. */
  public void clear() {
    postId = 0;
    userId = 0;
    coreUserId = 0;
    text = null;
    createdAtSeconds = 0;
    hasReply = false;
    inReplyToPostId = 0;
    inReplyToUserId = 0;
    hasShare = false;
    sourcePostId = 0;
    sourceUserId = 0;
    nullcast = false;
    conversationId = 0;
    images = 0;
    animatedGifs = 0;
    videos = 0;
    videoDurationMs = 0;
    timestampMs = 0;
  }
}
