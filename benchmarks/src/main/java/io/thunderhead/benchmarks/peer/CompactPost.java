package io.thunderhead.benchmarks.peer;

import io.thunderhead.benchmarks.workload.PostEncoding;
import io.thunderhead.store.PostFields;

/** The main record of a post; 0 is an absent id. */
public record CompactPost(
    long postId,
    long authorId,
    long createdAt,
    long inReplyToPostId,
    long inReplyToUserId,
    boolean isRetweet,
    boolean isReply,
    long sourcePostId,
    long sourceUserId,
    boolean hasVideo,
    long conversationId) {

  static CompactPost of(PostFields post) {
    return new CompactPost(
        post.postId,
        post.authorId,
        post.createdAt,
        post.inReplyToPostId,
        post.inReplyToUserId,
        post.isRetweet,
        post.isReply,
        post.sourcePostId,
        post.sourceUserId,
        post.hasVideo,
        post.conversationId);
  }

  boolean isOriginal() {
    return !isReply && !isRetweet;
  }

  int encode(byte[] out, int at) {
    return PostEncoding.encode(
        out,
        at,
        postId,
        authorId,
        createdAt,
        inReplyToPostId,
        inReplyToUserId,
        isRetweet,
        isReply,
        sourcePostId,
        sourceUserId,
        hasVideo,
        conversationId);
  }
}
