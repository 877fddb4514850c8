package io.thunderhead.benchmarks.feed;

import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The posts' fields by number, and a store whose opaque bytes are these numbers: what a store keeps
 * that builds messages for its answers. Looking a post's fields up costs it no search.
 */
final class MessageStore {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int WIDTH = 7;
  private static final int FLAGS = 6;

  private final PostStore store;
  private final long[] fields;
  private int count;

  MessageStore(PostStore store, int posts) {
    this.store = store;
    this.fields = new long[posts * WIDTH];
  }

  PostStore store() {
    return store;
  }

  void create(PostFields post) {
    int at = count * WIDTH;
    fields[at] = post.postId;
    fields[at + 1] = post.authorId;
    fields[at + 2] = post.createdAt;
    fields[at + 3] = post.inReplyToPostId != 0 ? post.inReplyToPostId : post.sourcePostId;
    fields[at + 4] = post.inReplyToPostId != 0 ? post.inReplyToUserId : post.sourceUserId;
    fields[at + 5] = post.conversationId;
    fields[at + FLAGS] =
        (post.isReply ? 1 : 0) | (post.isRetweet ? 2 : 0) | (post.hasVideo ? 4 : 0);
    INT.set(post.encoded, 0, count++);
    post.encodedLength = Integer.BYTES;
    store.create(post, post.createdAt);
  }

  /** The message of a post of an answer, whose copied bytes these are. */
  LightPost message(ReadResult result, byte[] bytes, int i) {
    int at = (int) INT.get(bytes, result.encodedOffset(i)) * WIDTH;
    LightPost.Builder post =
        LightPost.newBuilder()
            .setPostId(fields[at])
            .setAuthorId(fields[at + 1])
            .setCreatedAt(fields[at + 2])
            .setConversationId(fields[at + 5]);
    long flags = fields[at + FLAGS];
    if ((flags & 1) != 0) {
      post.setIsReply(true).setInReplyToPostId(fields[at + 3]).setInReplyToUserId(fields[at + 4]);
    } else if ((flags & 2) != 0) {
      post.setIsRetweet(true).setSourcePostId(fields[at + 3]).setSourceUserId(fields[at + 4]);
    }
    return post.setHasVideo((flags & 4) != 0).build();
  }
}
