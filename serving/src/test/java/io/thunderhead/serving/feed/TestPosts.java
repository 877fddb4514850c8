package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.store.CreateOutcome;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;

/** Posts put straight into a store. */
final class TestPosts {
  private TestPosts() {}

  static void create(PostStore store, long postId, long authorId, long createdAt, long nowSeconds) {
    create(
        store,
        LightPost.newBuilder()
            .setPostId(postId)
            .setAuthorId(authorId)
            .setCreatedAt(createdAt)
            .build(),
        nowSeconds);
  }

  static void create(PostStore store, LightPost post, long nowSeconds) {
    PostFields fields = new PostFields();
    fields.postId = post.getPostId();
    fields.authorId = post.getAuthorId();
    fields.createdAt = post.getCreatedAt();
    fields.inReplyToPostId = post.getInReplyToPostId();
    fields.isReply = post.getIsReply();
    fields.hasVideo = post.getHasVideo();
    fields.encoded = GetInNetworkPostsResponse.newBuilder().addPosts(post).build().toByteArray();
    fields.encodedLength = fields.encoded.length;
    assertThat(store.create(fields, nowSeconds)).isEqualTo(CreateOutcome.APPLIED);
  }
}
