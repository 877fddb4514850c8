package io.thunderhead.fuzz;

import static io.thunderhead.fuzz.Bounds.same;

import com.google.protobuf.CodedInputStream;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import io.thunderhead.protocol.event.LightPostWriter;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import java.io.IOException;

/**
 * Protobuf {@code InNetworkEvent}s: what our reader accepts the generated class reads alike, and it
 * survives being written again, as an event and as the post of an answer.
 */
public final class InNetworkEventFuzz {
  private static final Bounds OURS = new Bounds(4 << 10, 2);
  private static final InNetworkEventReader EVENT = new InNetworkEventReader();
  private static final InNetworkEventReader AGAIN = new InNetworkEventReader();
  private static final InNetworkEventWriter WRITER = new InNetworkEventWriter();
  private static final LightPostWriter POST = new LightPostWriter();

  private InNetworkEventFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    boolean[] accepted = new boolean[1];
    OURS.hold(input, () -> accepted[0] = isRead(input));
    if (!accepted[0] || variants(input) > 1) {
      return;
    }
    InNetworkEvent generated = InNetworkEvent.parseFrom(input);
    if (EVENT.isDelete()) {
      same("delete", generated.getTweetDeleteEvent().getPostId(), EVENT.postId());
      WRITER.writeDelete(EVENT.postId(), EVENT.deletedAt(), EVENT.authorId());
      AGAIN.read(WRITER.buffer(), 0, WRITER.length());
      same("deleted_at", EVENT.deletedAt(), AGAIN.deletedAt());
      same("author_id", EVENT.authorId(), AGAIN.authorId());
      return;
    }
    TweetCreateEvent create = generated.getTweetCreateEvent();
    same("post_id", create.getPostId(), EVENT.postId());
    same("author_id", create.getAuthorId(), EVENT.authorId());
    same("created_at", create.getCreatedAt(), EVENT.createdAt());
    same("source_post_id", create.getSourcePostId(), EVENT.sourcePostId());
    same("has_video", create.getHasVideo(), EVENT.hasVideo());
    POST.write(EVENT);
    LightPost post =
        GetInNetworkPostsResponse.parser().parseFrom(POST.buffer(), 0, POST.length()).getPosts(0);
    same("post of the answer", EVENT.postId(), post.getPostId());
    same("its author", EVENT.authorId(), post.getAuthorId());
  }

  /**
   * How often an event is in it. Of several the last counts; the generated class goes back to an
   * earlier one of the same kind when another kind stood between them, so there is nothing to
   * compare.
   */
  private static int variants(byte[] input) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(input);
    int variants = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = tag >>> 3;
      variants += field == 1 || field == 2 ? 1 : 0;
      in.skipField(tag);
    }
    return variants;
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
