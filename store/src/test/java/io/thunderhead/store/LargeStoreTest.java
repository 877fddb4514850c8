package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What only shows with many posts and authors: growth of every part, the guessed cut, stopping,
 * numbers used again.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LargeStoreTest {
  private static final long NOW = 2_000_000;
  private static final StoreConfig CONFIG = new StoreConfig(20_000, 60, 20, 10, 20, 100, 200);

  private final StoreSubject store = new StoreSubject(CONFIG);
  private final NaivePostStore model = new NaivePostStore(CONFIG);

  @Test
  void manyAuthors_everyCutEqualsTheModels() {
    Random random = new Random(7);
    fill(random, 60_000, 8000);
    for (int i = 0; i < 400; i++) {
      ReadQuery query = query(random, 1 + random.nextInt(i % 10 == 0 ? 6000 : 400), 8000);
      query.maxResults = 1 + random.nextInt(i % 3 == 0 ? 2000 : 300);
      assertThat(store.read(query, NOW)).isEqualTo(model.read(query, NOW));
    }
    StoreValidator.validate(store.store, CONFIG.maxPostsKeptPerAuthor());
    store.trim(NOW + 100_000);
    StoreValidator.validateEmpty(store.store, CONFIG);
  }

  @Test
  void bigIds_andTimesPast2038_work() {
    long now = 4_000_000_000L;
    long id = Long.MAX_VALUE - 5;
    assertThat(store.create(Post.original(id, Long.MAX_VALUE, now), now))
        .isEqualTo(CreateOutcome.APPLIED);
    store.create(Post.original(id + 1, Long.MAX_VALUE, now - 9), now);
    assertThat(store.read(Query.of(Long.MAX_VALUE), now)).containsExactly(id, id + 1);
    store.delete(id, 0, now, now, now);
    assertThat(store.read(Query.of(Long.MAX_VALUE), now)).containsExactly(id + 1);
  }

  @Test
  void hundredThousandFollows_areAnsweredExactly() {
    Random random = new Random(3);
    fill(random, 20_000, 100_000);
    ReadQuery query = query(random, 100_000, 120_000);
    query.maxResults = 1200;
    assertThat(store.read(query, NOW)).isEqualTo(model.read(query, NOW)).hasSize(1200);
  }

  @Test
  void manyPostsOfOneSecond_areOrderedById() {
    List<Long> ids = new ArrayList<>();
    for (long id = 1; id <= 3000; id++) {
      store.create(Post.original(id * 7919 % 3001, 1 + id % 300, NOW), NOW);
      ids.add(3001 - id);
    }
    ReadQuery query = new ReadQuery();
    query.follows = new long[300];
    query.followCount = 300;
    for (int i = 0; i < 300; i++) {
      query.follows[i] = i + 1L;
    }
    query.maxResults = 2500;
    assertThat(store.read(query, NOW)).isEqualTo(ids.subList(0, 2500));
  }

  /** A burst: far more candidates than are wanted, all of the same few seconds. */
  @Test
  void burst_everyCutEqualsTheModels() {
    Random random = new Random(11);
    fill(random, 40_000, 2000, 4);
    for (int i = 0; i < 200; i++) {
      ReadQuery query = query(random, 200 + random.nextInt(1800), 2000);
      query.maxResults = 1 + random.nextInt(i % 5 == 0 ? 3000 : 500);
      query.video = i % 4 == 0;
      assertThat(store.read(query, NOW)).as("query %s", i).isEqualTo(model.read(query, NOW));
    }
  }

  @Test
  void stop_atAnyPoll_countsOnlyAuthorsLookedAt() {
    Random random = new Random(5);
    fill(random, 20_000, 1000);
    PostReader reader = store.store.newReader();
    for (int polls = 0; polls < 60; polls++) {
      ReadQuery query = query(random, 1000, 1500);
      query.maxResults = polls % 2 == 0 ? 20 : 20_000;
      AtomicInteger left = new AtomicInteger(polls);
      ReadResult result = reader.read(query, NOW, () -> left.decrementAndGet() < 0);
      List<Long> ids = StoreSubject.checked(result, query);
      assertThat(result.authorsRequested()).isEqualTo(1000);
      assertThat(result.authorsSearched()).isBetween(result.scored().authors(), 1000);
      if (polls == 0) {
        assertThat(result.stopped()).isTrue();
        assertThat(result.authorsSearched()).isZero();
        assertThat(ids).isEmpty();
      }
      if (!result.stopped()) {
        assertThat(result.authorsSearched()).isEqualTo(1000);
        assertThat(ids).isEqualTo(model.read(query, NOW));
      }
    }
  }

  @Test
  void statistics_describeBothStages() {
    store.create(Post.original(1, 1, NOW - 50), NOW);
    store.create(Post.original(2, 1, NOW - 20), NOW);
    store.create(Post.reply(3, 2, NOW - 10, 1, 1, 1), NOW);
    ReadQuery query = Query.of(1, 2, 3);
    ReadResult result = store.store.newReader().read(query, NOW, StopSignal.NEVER);
    assertThat(result.retrieved().posts()).isEqualTo(3);
    assertThat(result.scored().authors()).isEqualTo(2);
    assertThat(result.scored().newest()).isEqualTo(NOW - 10);
    assertThat(result.scored().oldest()).isEqualTo(NOW - 50);
    assertThat(result.scored().replies()).isEqualTo(1);
    assertThat(result.scored().postsPerAuthor()).isEqualTo(1.5);
    query.maxResults = 1;
    result = store.store.newReader().read(query, NOW, StopSignal.NEVER);
    assertThat(result.scored().posts()).isEqualTo(1);
    assertThat(result.scored().replyRatio()).isEqualTo(1.0);
  }

  @Test
  void numbersOfBlocksAndAuthors_areUsedAgain() {
    StoreConfig brief = new StoreConfig(64, 2, 50, 30, 100, 500, 50);
    StoreSubject subject = new StoreSubject(brief);
    NaivePostStore naive = new NaivePostStore(brief);
    Random random = new Random(11);
    int highestBlock = 0;
    for (long now = NOW; now < NOW + 3000; now++) {
      for (int i = 0; i < 20; i++) {
        Post post = post(random, now, 40, random.nextInt(30), 500);
        assertThat(subject.create(post, now)).isEqualTo(naive.create(post, now));
      }
      subject.store.trim(now, 100);
      for (PostBlock block : subject.store.blocks().all()) {
        highestBlock = Math.max(highestBlock, block.number);
      }
      if (now % 50 == 0) {
        StoreValidator.validate(subject.store, 50);
        ReadQuery query = query(random, 40, 40);
        assertThat(subject.read(query, now)).isEqualTo(naive.read(query, now));
      }
    }
    // Some 60 spans live, as many resting, of about one block each; without reuse there would be
    // thousands.
    assertThat(highestBlock).isLessThan(500);
    assertThat(subject.store.authors().numbers()).isLessThanOrEqualTo(40);
  }

  @Test
  void growth_withReaders_neverLosesAPost() throws Exception {
    for (long author = 1; author <= 200; author++) {
      store.create(Post.original(author, author, NOW), NOW);
    }
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Future<?> reader =
          threads.submit(() -> {
            PostReader own = store.store.newReader();
            ReadQuery query = new ReadQuery();
            query.follows = new long[200];
            query.followCount = 200;
            for (int i = 0; i < 200; i++) {
              query.follows[i] = i + 1L;
            }
            query.maxResults = 200;
            while (!done.get()) {
              ReadResult result = own.read(query, NOW, StopSignal.NEVER);
              assertThat(result.count()).isEqualTo(200);
              for (int i = 0; i < 200; i++) {
                assertThat(result.postId(i)).isEqualTo(200 - i);
              }
            }
          });
      PostFields fields = Post.original(1, 1, NOW - 5).fields();
      for (long id = 1000; id < 400_000; id++) {
        fields.postId = id;
        fields.authorId = 1000 + id / 2;
        assertThat(store.store.create(fields, NOW)).isEqualTo(CreateOutcome.APPLIED);
      }
      done.set(true);
      reader.get();
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(store.store.stats().authors()).isEqualTo(200 + 199_500);
    store.trim(NOW + 50_000);
    StoreValidator.validateEmpty(store.store, CONFIG);
  }

  @Test
  void encoded_longestAndNone() {
    PostFields fields = Post.original(1, 1, NOW).fields();
    fields.encoded = new byte[PostStore.MAX_ENCODED_BYTES + 1];
    fields.encodedOffset = 0;
    fields.encodedLength = fields.encoded.length;
    assertThat(store.store.create(fields, NOW)).isEqualTo(CreateOutcome.INVALID);
    fields.encodedLength--;
    assertThat(store.store.create(fields, NOW)).isEqualTo(CreateOutcome.APPLIED);
    fields.postId = 2;
    fields.encodedLength = 0;
    assertThat(store.store.create(fields, NOW)).isEqualTo(CreateOutcome.APPLIED);
    ReadResult result = store.store.newReader().read(Query.of(1), NOW, StopSignal.NEVER);
    assertThat(result.count()).isEqualTo(2);
    assertThat(result.encodedLength()).isEqualTo(PostStore.MAX_ENCODED_BYTES);
  }

  private void fill(Random random, int count, int authors) {
    fill(random, count, authors, 20_000);
  }

  private void fill(Random random, int count, int authors, int seconds) {
    for (int i = 0; i < count; i++) {
      Post post = post(random, NOW, authors, random.nextInt(seconds), count);
      assertThat(store.create(post, NOW)).isEqualTo(model.create(post, NOW));
      if (random.nextInt(50) == 0) {
        long id = 1L + random.nextInt(count);
        assertThat(store.delete(id, 0, NOW, NOW, NOW))
            .isEqualTo(model.delete(id, 0, NOW, NOW, NOW));
      }
    }
  }

  private static Post post(Random random, long now, int authors, int age, int ids) {
    long id = 1L + random.nextInt(ids);
    long author = author(random, authors);
    long other = 1L + random.nextInt(ids);
    long user = author(random, authors);
    return switch (random.nextInt(8)) {
      case 0, 1 ->
          Post.reply(id, author, now - age, other, user, random.nextBoolean() ? other : id);
      case 2, 3 -> Post.retweet(id, author, now - age, other, user);
      case 4 -> Post.video(id, author, now - age);
      default -> Post.original(id, author, now - age);
    };
  }

  private static long author(Random random, int authors) {
    double share = random.nextDouble();
    return 1L + (long) (share * share * share * authors);
  }

  private static ReadQuery query(Random random, int follows, int authors) {
    ReadQuery query = Query.of(random.longs(1, authors + 1L).distinct().limit(follows).toArray());
    query.video = random.nextInt(4) == 0;
    query.requesterId = author(random, authors);
    Query.excluding(query, random.longs(100, 1, 20_000).toArray());
    return query;
  }
}
