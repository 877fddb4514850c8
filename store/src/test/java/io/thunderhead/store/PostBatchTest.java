package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PostBatchTest {
  private static final long NOW = 1_000_000;
  private static final StoreConfig CONFIG = new StoreConfig(1000, 10, 50, 30, 100, 500, 20);

  private final PostStore store = new PostStore(CONFIG);
  private final NaivePostStore model = new NaivePostStore(CONFIG);
  private final PostBatch batch = new PostBatch();

  @Test
  void apply_anyPosts_likeOneAfterTheOther() {
    Random random = new Random(21);
    for (int round = 0; round < 200; round++) {
      List<CreateOutcome> expected = new ArrayList<>();
      int size = random.nextInt(PostBatch.CAPACITY + 1);
      for (int i = 0; i < size; i++) {
        Post post = post(random);
        post.copyTo(batch.add());
        expected.add(model.create(post, NOW));
      }
      assertThat(batch.size()).isEqualTo(size);
      store.apply(batch, NOW);
      assertThat(batch.size()).isZero();
      for (int i = 0; i < size; i++) {
        assertThat(batch.outcome(i)).isEqualTo(expected.get(i));
      }
    }
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
    ReadQuery query = Query.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    ReadResult result = store.newReader().read(query, NOW, StopSignal.NEVER);
    assertThat(StoreSubject.checked(result, query)).isEqualTo(model.read(query, NOW));
  }

  @Test
  void add_whenFull_isRefused() {
    for (int i = 0; i < PostBatch.CAPACITY; i++) {
      batch.add();
    }
    assertThat(batch.isFull()).isTrue();
    assertThatThrownBy(batch::add).isInstanceOf(IllegalStateException.class);
  }

  /** Parents are often in the same batch, and some posts are bad. */
  private static Post post(Random random) {
    long id = random.nextInt(2000);
    long other = 1L + random.nextInt(2000);
    long author = 1L + random.nextInt(9);
    long created = NOW - random.nextInt(1100);
    return switch (random.nextInt(4)) {
      case 0 -> Post.reply(id, author, created, other, 1 + random.nextInt(9), other);
      case 1 -> Post.retweet(id, author, created, other, 1 + random.nextInt(9));
      case 2 -> Post.video(id, author, created);
      default -> Post.original(id, author, created);
    };
  }
}
