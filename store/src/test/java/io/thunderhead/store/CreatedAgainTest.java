package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A post that expires while a read is under way and is created again before it ends, younger: the
 * read, whose time is from before, must not tell both.
 */
final class CreatedAgainTest {
  private static final StoreConfig CONFIG = new StoreConfig(200, 10, 50, 30, 100, 500, 40);
  private static final long NOW = 1_000_000;
  private static final long OLD = NOW - 199;
  private static final long BETWEEN = NOW - 100;
  private static final long LATER = NOW + 50;

  private final PostStore store = new PostStore(CONFIG);
  private final PostReader reader = store.newReader();

  @Test
  void byTheSameAuthor_isToldOnce() {
    create(Post.original(7, 1, OLD), NOW);
    create(Post.original(9, 1, BETWEEN), NOW);
    // So many that the list has room for one more: a list that must grow drops what has expired.
    for (long id = 10; id < 15; id++) {
      create(Post.original(id, 1, NOW - 1), NOW);
    }
    List<Long> ids = readMeanwhile(1, () -> create(Post.original(7, 1, LATER - 60), LATER), 1);
    assertThat(ids).containsExactly(14L, 13L, 12L, 11L, 10L, 7L, 9L);
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
    assertThat(store.stats().expired()).isEqualTo(1);
  }

  @Test
  void byAnotherAuthor_isToldOnce() {
    long[] follows = authors();
    create(Post.original(7, follows[0], OLD), NOW);
    create(Post.original(9, follows[0], BETWEEN), NOW);
    for (long follow : follows) {
      create(Post.original(1000 + follow, follow, NOW - 1), NOW);
    }
    List<Long> ids =
        readMeanwhile(
            4,
            () -> create(Post.original(7, follows[follows.length - 1], LATER - 60), LATER),
            follows);
    assertThat(ids).hasSize(follows.length + 2).doesNotHaveDuplicates().contains(7L);
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
  }

  /** More than one round of walks, so that a write can come between two of them. */
  private static long[] authors() {
    long[] follows = new long[100];
    for (int i = 0; i < follows.length; i++) {
      follows[i] = i + 1L;
    }
    return follows;
  }

  /** Writes when the read asks for the time so often whether to stop. */
  private List<Long> readMeanwhile(int ask, Runnable write, long... follows) {
    int[] asked = new int[1];
    ReadQuery query = Query.of(follows);
    ReadResult result =
        reader.read(
            query,
            NOW,
            () -> {
              if (++asked[0] == ask) {
                write.run();
              }
              return false;
            });
    assertThat(asked[0]).isGreaterThanOrEqualTo(ask);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < result.count(); i++) {
      ids.add(result.postId(i));
    }
    return ids;
  }

  private void create(Post post, long now) {
    assertThat(store.create(post.fields(), now)).isEqualTo(CreateOutcome.APPLIED);
  }
}
