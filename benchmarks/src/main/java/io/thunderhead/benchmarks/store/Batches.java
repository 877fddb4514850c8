package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;

/**
 * About a thousand posts of the stream, made ahead, so that stores are timed and not the making.
 * One thread at a time.
 */
final class Batches {
  static final int POSTS = 32 * PostBatch.CAPACITY;

  private final PostBatch[] batches = new PostBatch[POSTS / PostBatch.CAPACITY];
  private final PostFields[] posts = new PostFields[POSTS];
  private int count;

  Batches() {
    for (int i = 0; i < batches.length; i++) {
      batches[i] = new PostBatch();
    }
  }

  /** Takes the next posts of a stream; what was taken before must have been applied. */
  void take(PostStream stream, int wanted) {
    count = wanted;
    for (int i = 0; i < count; i++) {
      posts[i] = batches[i / PostBatch.CAPACITY].add();
      stream.next(posts[i]);
    }
  }

  int count() {
    return count;
  }

  PostFields[] posts() {
    return posts;
  }

  /** Puts them into our store as its own ingest does. */
  void applyTo(PostStore store, long nowSeconds) {
    for (PostBatch batch : batches) {
      if (batch.size() > 0) {
        store.apply(batch, nowSeconds);
      }
    }
  }
}
