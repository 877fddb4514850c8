package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Floods a store in a heap that could not hold it: a process of its own, as its end is the test.
 */
final class BudgetFlood {
  /** As much of the heap as a budget may take at most: 80 % of 64 MiB. */
  private static final long MAX_BYTES = 51L << 20;

  private static final int POSTS = 1_500_000;
  private static final long NOW = 1_000_000;

  private BudgetFlood() {}

  public static void main(String[] args) {
    StoreConfig config = StoreConfig.defaults().withMaxBytes(MAX_BYTES);
    PostStore store = new PostStore(config);
    PostReader reader = store.newReader();
    ReadQuery query = Query.of(1, 2, 3, 4, 5);
    long longest = 0;
    for (int i = 1; i <= POSTS; i++) {
      long now = NOW + i / 10;
      Post post = Post.original(i, 1 + i % 19_997, now - i % 1000);
      store.create((i % 12 == 0 ? Post.video(i, post.author(), now) : post).fields(), now);
      longest = Math.max(longest, store.countedBytes());
      if (i % 1000 == 0) {
        StoreSubject.checked(reader.read(query, now, StopSignal.NEVER), query);
      }
    }
    assertThat(longest).isLessThan(MAX_BYTES + (1 << 20));
    assertThat(store.stats().overBudget()).isPositive();
  }
}
