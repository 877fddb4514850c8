package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Posts loaded all at once, against the naive model that is given them one by one. */
@Timeout(60)
final class PostLoadTest {
  private static final long NOW = 1_000_000;
  private static final int AUTHORS = 9;
  private static final StoreConfig CONFIG = new StoreConfig(1000, 10, 50, 30, 100, 500, 2000);

  private final Random random = new Random(Long.getLong("thunderhead.seed", 31));
  private final StoreSubject subject = new StoreSubject(CONFIG);
  private final PostStore store = subject.store;
  private final NaivePostStore model = new NaivePostStore(CONFIG);

  @Test
  void load_anyPostsInAnyOrder_thenWrites_isLikeOneAfterTheOther() {
    for (int round = 0; round < 12; round++) {
      subject.clear();
      model.clear();
      // Ids come again: with other authors, times and kinds, and just as they were.
      List<Post> posts = posts(random.nextInt(1500), 600);
      posts.forEach(post -> model.create(post, NOW));
      load(posts, NOW);
      assertSame(NOW);
      for (Post post : posts(300, 900)) {
        assertThat(store.create(post.fields(), NOW)).isEqualTo(model.create(post, NOW));
        long id = 1L + random.nextInt(900);
        assertThat(subject.delete(id, 0, NOW, NOW, NOW))
            .isEqualTo(model.delete(id, 0, NOW, NOW, NOW));
      }
      assertSame(NOW);
      model.trim(NOW + 500);
      subject.trim(NOW + 500);
      assertSame(NOW + 500);
    }
  }

  @Test
  void load_repliesBeforeTheirParents_knowsThemAtTheEnd() {
    List<Post> posts = new ArrayList<>();
    for (long id = 1; id <= 500; id++) {
      posts.add(Post.reply(1000 + id, 1, NOW - 1, id, 2, id));
      posts.add(Post.retweet(2000 + id, 1, NOW - 1, id, 2));
      posts.add(Post.original(id, 2, NOW - 500));
    }
    load(posts, NOW);
    int number = AuthorTable.number(store.authors().find(1, IdHash.of(1)));
    long list = store.authors().timeline(number, Timelines.SECONDARY);
    long[] words = store.authors().timelines().words(list);
    for (int entry = Timelines.from(list); entry < Timelines.to(list); entry++) {
      int at = Timelines.at(list, Timelines.width(Timelines.SECONDARY), entry);
      long relation = Timelines.relation(words, at);
      assertThat(Relation.fact(relation))
          .isEqualTo(
              Relation.isReply(relation)
                  ? Relation.PARENT_IS_ORIGINAL
                  : Relation.SOURCE_IS_NO_VIDEO);
      assertThat(store.blocks().postId(Relation.slot(relation)))
          .isEqualTo(Timelines.postId(words, at) % 1000);
    }
    assertThat(Timelines.size(list)).isEqualTo(1000);
  }

  @Test
  void load_overTheBudget_keepsTheNewest() {
    StoreConfig config =
        new StoreConfig(100_000, 10, 50, 30, 100, 500, 2000)
            .withMaxBytes(StoreConfig.LEAST_MAX_BYTES);
    PostStore small = new PostStore(config);
    int total = 200_000;
    try (PostLoad load = small.load()) {
      PostBatch batch = new PostBatch();
      for (int i = 0; i < total; i++) {
        Post.original(1 + i, 1 + i % 997, NOW - i % 90_000).copyTo(batch.add());
        if (batch.isFull()) {
          load.apply(batch, NOW);
        }
      }
      load.apply(batch, NOW);
      load.index();
    }
    for (int i = 1; i <= 100; i++) {
      small.create(Post.original(total + i, 1, NOW).fields(), NOW);
    }
    assertThat(small.countedBytes()).isLessThanOrEqualTo(config.maxBytes());
    StoreValidator.validate(small, config.maxPostsKeptPerAuthor());
    assertThat(small.stats().posts()).isBetween(1_000L, total / 2L);
    ReadResult result = small.newReader().read(Query.of(1, 2, 3), NOW, StopSignal.NEVER);
    assertThat(result.windowShort()).isTrue();
  }

  @Test
  void load_notIndexed_leavesAnEmptyStore() {
    PostLoad load = store.load();
    apply(load, posts(200, 600), NOW);
    load.close();
    StoreValidator.validateEmpty(store, CONFIG);
    assertThat(store.create(Post.original(1, 1, NOW).fields(), NOW))
        .isEqualTo(CreateOutcome.APPLIED);
  }

  @Test
  void write_whileAnotherLoads_isTurnedAway() {
    PostLoad load = store.load();
    PostFields post = Post.original(1, 1, NOW).fields();
    assertThatThrownBy(() -> store.create(post, NOW)).hasMessage("the store is being loaded");
    assertThatThrownBy(() -> store.delete(1, 0, NOW, NOW, NOW))
        .hasMessage("the store is being loaded");
    assertThatThrownBy(store::load).hasMessage("the store is being loaded");
    load.close();
    assertThatThrownBy(() -> load.apply(new PostBatch(), NOW)).hasMessage("the load has ended");
  }

  @Test
  void load_whenNotEmpty_isTurnedAway() {
    subject.create(Post.original(1, 1, NOW), NOW);
    assertThatThrownBy(store::load).hasMessage("only an empty store can be loaded");
  }

  private void load(List<Post> posts, long now) {
    try (PostLoad load = store.load()) {
      apply(load, posts, now);
      load.index();
      load.relate(0, 1);
    }
  }

  private static void apply(PostLoad load, List<Post> posts, long now) {
    PostBatch batch = new PostBatch();
    for (Post post : posts) {
      post.copyTo(batch.add());
      if (batch.isFull()) {
        load.apply(batch, now);
      }
    }
    load.apply(batch, now);
  }

  private List<Post> posts(int count, int ids) {
    List<Post> posts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      posts.add(
          !posts.isEmpty() && random.nextInt(10) == 0
              ? posts.get(random.nextInt(posts.size()))
              : RandomPosts.post(
                  random,
                  1L + random.nextInt(ids),
                  1L + random.nextInt(AUTHORS),
                  NOW - random.nextInt(1100),
                  ids,
                  AUTHORS));
    }
    return posts;
  }

  private void assertSame(long now) {
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
    long[] all = LongStream.rangeClosed(1, AUTHORS).toArray();
    for (long requester = 0; requester <= AUTHORS; requester++) {
      for (boolean video : new boolean[] {false, true}) {
        ReadQuery query = Query.of(Arrays.copyOf(all, all.length));
        query.requesterId = requester;
        query.video = video;
        assertThat(subject.read(query, now)).isEqualTo(model.read(query, now));
      }
    }
  }
}
