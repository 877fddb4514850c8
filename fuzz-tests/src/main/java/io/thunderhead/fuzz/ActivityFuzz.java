package io.thunderhead.fuzz;

import static io.thunderhead.fuzz.Bounds.same;

import com.google.protobuf.InvalidProtocolBufferException;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.event.ActivityReader;
import io.thunderhead.protocol.v1.Activity;

/** Protobuf {@code Activity}s: what our reader accepts the generated class reads alike, twice. */
public final class ActivityFuzz {
  private static final Bounds OURS = new Bounds(4 << 10, 2);
  private static final ActivityReader EVENT = new ActivityReader();
  private static final ActivityReader AGAIN = new ActivityReader();

  private ActivityFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    boolean[] accepted = new boolean[1];
    OURS.hold(input, () -> accepted[0] = isRead(input));
    if (!accepted[0]) {
      return;
    }
    Activity generated;
    try {
      generated = Activity.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      return; // Of what our reader skips, the generated class reads more: text, for one, as UTF-8.
    }
    byte[] written = generated.toByteArray();
    AGAIN.read(written, 0, written.length);
    same("post_id", EVENT.postId(), AGAIN.postId());
    same("author_id", EVENT.authorId(), AGAIN.authorId());
    same("created_at", EVENT.createdAt(), AGAIN.createdAt());
    same("verb", true, EVENT.verb() == AGAIN.verb());
    same("in_reply_to", EVENT.inReplyToPostId(), AGAIN.inReplyToPostId());
    same("share_of", EVENT.sourcePostId(), AGAIN.sourcePostId());
    same("conversation", EVENT.conversationId(), AGAIN.conversationId());
    same("video", EVENT.video(), AGAIN.video());
    same("revision", EVENT.revision(), AGAIN.revision());
  }

  private static boolean isRead(byte[] input) {
    try {
      EVENT.read(input, 0, input.length);
      return true;
    } catch (MalformedEventException e) {
      return false;
    }
  }
}
