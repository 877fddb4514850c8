package io.thunderhead.fuzz;

import static io.thunderhead.fuzz.Bounds.same;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;

/** Thrift {@code TweetEvent}s: read, written and read again, and turned into in-network events. */
public final class TweetEventFuzz {
  private static final Bounds BOUNDS = new Bounds(8 << 10, 4);
  private static final TweetEventReader EVENT = new TweetEventReader();
  private static final TweetEventReader AGAIN = new TweetEventReader();
  private static final TweetEventWriter WRITER = new TweetEventWriter();
  private static final InNetworkEventWriter NEXT = new InNetworkEventWriter();
  private static final InNetworkEventReader THERE = new InNetworkEventReader();
  private static final long NOW_SECONDS = 1_800_000_000;

  private TweetEventFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    BOUNDS.hold(input, () -> one(input));
  }

  private static void one(byte[] input) throws MalformedEventException {
    try {
      EVENT.read(input, 0, input.length);
    } catch (MalformedEventException e) {
      return;
    }
    switch (EVENT.kind()) {
      case CREATE -> {
        AGAIN.read(WRITER.buffer(), 0, WRITER.writeCreate(fields()));
        sameAgain();
        toInNetwork();
        same("created_at", EVENT.createdAtSeconds(), THERE.createdAt());
        same("source", EVENT.sourcePostId(), THERE.sourcePostId());
        same("conversation", EVENT.conversationId(), THERE.conversationId());
        same("has_video", EVENT.video(), THERE.hasVideo());
        same("is_retweet", EVENT.hasShare(), THERE.isRetweet());
      }
      case DELETE, QUOTED_DELETE -> toInNetwork();
      case OTHER -> {
        // Nothing of it is read.
      }
    }
  }

  private static void toInNetwork() throws MalformedEventException {
    NEXT.write(EVENT, NOW_SECONDS);
    THERE.read(NEXT.buffer(), 0, NEXT.length());
    same("post_id", EVENT.postId(), THERE.postId());
    same("author_id", EVENT.authorId(), THERE.authorId());
  }

  private static TweetFields fields() {
    TweetFields fields = new TweetFields();
    fields.postId = EVENT.postId();
    fields.userId = EVENT.authorId();
    fields.coreUserId = EVENT.authorId();
    fields.createdAtSeconds = EVENT.createdAtSeconds();
    fields.hasReply = EVENT.hasReply();
    fields.inReplyToPostId = EVENT.inReplyToPostId();
    fields.inReplyToUserId = EVENT.inReplyToUserId();
    fields.hasShare = EVENT.hasShare();
    fields.sourcePostId = EVENT.sourcePostId();
    fields.sourceUserId = EVENT.sourceUserId();
    fields.nullcast = EVENT.nullcast();
    fields.conversationId = EVENT.conversationId();
    fields.videos = EVENT.video() ? 1 : 0;
    fields.videoDurationMs = EVENT.video() ? TweetEventReader.MIN_VIDEO_DURATION_MS : 0;
    fields.timestampMs = EVENT.timestampMs();
    return fields;
  }

  private static void sameAgain() {
    same("id", EVENT.postId(), AGAIN.postId());
    same("author", EVENT.authorId(), AGAIN.authorId());
    same("created_at_secs", EVENT.createdAtSeconds(), AGAIN.createdAtSeconds());
    same("reply", EVENT.hasReply(), AGAIN.hasReply());
    same("in_reply_to_status_id", EVENT.inReplyToPostId(), AGAIN.inReplyToPostId());
    same("in_reply_to_user_id", EVENT.inReplyToUserId(), AGAIN.inReplyToUserId());
    same("share", EVENT.hasShare(), AGAIN.hasShare());
    same("source_status_id", EVENT.sourcePostId(), AGAIN.sourcePostId());
    same("source_user_id", EVENT.sourceUserId(), AGAIN.sourceUserId());
    same("nullcast", EVENT.nullcast(), AGAIN.nullcast());
    same("conversation_id", EVENT.conversationId(), AGAIN.conversationId());
    same("video", EVENT.video(), AGAIN.video());
    same("timestamp_ms", EVENT.timestampMs(), AGAIN.timestampMs());
  }
}
