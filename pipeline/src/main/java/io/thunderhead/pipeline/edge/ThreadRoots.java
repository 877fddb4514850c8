package io.thunderhead.pipeline.edge;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the root of a post's thread where its publisher doesn't say: a post that replies to nothing
 * is its own, and a reply has its parent's, if that is among the last posts seen. Not thread-safe.
 */
public final class ThreadRoots {
  private final Map<Long, PostReference> rootOfPost;

  /** Remembers the roots of the last {@code maxPosts} posts. */
  public ThreadRoots(int maxPosts) {
    rootOfPost =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, PostReference> eldest) {
            return size() > maxPosts;
          }
        };
  }

  /** The same post with its conversation, where that can be known. */
  public Activity complete(Activity activity) {
    if (activity.getVerb() != Verb.VERB_POST) {
      return activity;
    }
    PostReference root = rootOf(activity);
    if (root.getPostId() == 0) {
      return activity;
    }
    rootOfPost.put(activity.getPostId(), root);
    return activity.hasConversation()
        ? activity
        : activity.toBuilder().setConversation(root).build();
  }

  private PostReference rootOf(Activity post) {
    if (post.hasConversation()) {
      return post.getConversation();
    }
    if (!post.hasInReplyTo()) {
      return PostReference.newBuilder()
          .setPostId(post.getPostId())
          .setAuthorId(post.getAuthorId())
          .setNativeId(post.getNativeId())
          .setNativeAuthorId(post.getNativeAuthorId())
          .build();
    }
    return rootOfPost.getOrDefault(
        post.getInReplyTo().getPostId(), PostReference.getDefaultInstance());
  }
}
