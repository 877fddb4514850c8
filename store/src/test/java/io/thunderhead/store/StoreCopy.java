package io.thunderhead.store;

import java.util.ArrayList;
import java.util.List;

/** What a walk has told, kept as values; and made into a store again. */
final class StoreCopy implements StoreVisitor<RuntimeException> {
  final List<Post> posts = new ArrayList<>();
  final List<Tombstone> tombstones = new ArrayList<>();
  long evictedBefore;

  record Tombstone(long id, long deletedAt) {}

  static StoreCopy of(PostStore store) {
    return of(store, () -> {});
  }

  /** The same, and does something else after each thing that is told. */
  static StoreCopy of(PostStore store, Runnable meanwhile) {
    StoreCopy copy = new StoreCopy();
    store.walk(
        new StoreVisitor<RuntimeException>() {
          @Override
          public void post(PostFields post) {
            copy.post(post);
            meanwhile.run();
          }

          @Override
          public void tombstone(long postId, long deletedAt) {
            copy.tombstone(postId, deletedAt);
            meanwhile.run();
          }
        });
    copy.evictedBefore = store.evictedBefore();
    return copy;
  }

  @Override
  public void post(PostFields fields) {
    posts.add(
        new Post(
            fields.postId,
            fields.authorId,
            fields.createdAt,
            fields.inReplyToPostId,
            fields.inReplyToUserId,
            fields.sourcePostId,
            fields.sourceUserId,
            fields.conversationId,
            fields.isReply,
            fields.isRetweet,
            fields.hasVideo));
  }

  @Override
  public void tombstone(long postId, long deletedAt) {
    tombstones.add(new Tombstone(postId, deletedAt));
  }

  /** As a start does: all posts at once, then what was deleted. */
  void putInto(PostStore store, long now) {
    try (PostLoad load = store.load()) {
      PostBatch batch = new PostBatch();
      for (Post post : posts) {
        post.copyTo(batch.add());
        if (batch.isFull()) {
          load.apply(batch, now);
        }
      }
      load.apply(batch, now);
      load.index();
      load.relate(1, 2);
      load.relate(0, 2);
    }
    tombstones.forEach(t -> store.delete(t.id, 0, t.deletedAt, t.deletedAt, now));
    store.evictBefore(evictedBefore);
  }
}
