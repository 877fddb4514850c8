package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two writers on the same ids and authors, with a reader beside them. Where the order of the writes
 * cannot matter, the end equals the model's; while they run, no answer is out of order, doubled,
 * foreign, excluded or torn.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ConcurrentStoreTest {
  private static final long NOW = 1_000_000;
  private static final int AUTHORS = 12;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  private interface Write {
    void to(PostStoreContract.Subject subject);
  }

  @AfterEach
  void stopThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void createsAndDeletes_inAnyOrder_endLikeTheModel(long seed) throws Exception {
    StoreConfig config = new StoreConfig(5000, 60, 50, 30, 100, 500, 5000);
    Random random = new Random(seed);
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      Post post = post(1 + random.nextInt(1500));
      writes.add(subject -> subject.create(post, NOW));
      long deleted = 1L + random.nextInt(1500);
      if (random.nextInt(10) == 0) {
        writes.add(subject -> subject.delete(deleted, 0, NOW, NOW, NOW));
      }
    }
    runTwice(config, writes, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void fullLists_inAnyOrder_endLikeTheModel(long seed) throws Exception {
    StoreConfig config = new StoreConfig(5000, 60, 50, 30, 100, 500, 20);
    Random random = new Random(seed);
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < 6000; i++) {
      Post post = post(1 + random.nextInt(4000));
      writes.add(subject -> subject.create(post, NOW));
    }
    runTwice(config, writes, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void movingTime_withTrimBeside_staysSoundAndEndsEmpty(long seed) throws Exception {
    StoreConfig config = new StoreConfig(200, 10, 50, 30, 100, 500, 40);
    StoreSubject store = new StoreSubject(config);
    AtomicLong clock = new AtomicLong(NOW);
    AtomicBoolean done = new AtomicBoolean();
    List<Future<?>> beside = new ArrayList<>();
    beside.add(threads.submit(() -> read(store, clock, done)));
    beside.add(
        threads.submit(() -> {
          while (!done.get()) {
            store.store.trim(clock.get(), 50);
          }
        }));
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < 2; writer++) {
      Random random = new Random(seed * 31 + writer);
      writers.add(
          threads.submit(() -> {
            for (int i = 0; i < 60_000; i++) {
              long now = i % 40 == 0 ? clock.incrementAndGet() : clock.get();
              if (random.nextInt(10) == 0) {
                store.delete(1L + random.nextInt(3000), 0, now - random.nextInt(200), now, now);
              } else {
                Post post = post(1 + random.nextInt(3000));
                store.create(aged(post, now - random.nextInt(220) + 10), now);
              }
            }
          }));
    }
    join(writers);
    done.set(true);
    join(beside);
    StoreValidator.validate(store.store, config.maxPostsKeptPerAuthor());
    store.trim(clock.get() + 1000);
    StoreValidator.validateEmpty(store.store, config);
  }

  private void runTwice(StoreConfig config, List<Write> writes, long seed) throws Exception {
    NaivePostStore model = new NaivePostStore(config);
    writes.forEach(write -> write.to(model));
    StoreSubject store = new StoreSubject(config);
    AtomicBoolean done = new AtomicBoolean();
    Future<?> reader = threads.submit(() -> read(store, new AtomicLong(NOW), done));
    List<Future<?>> writers = new ArrayList<>();
    for (int writer = 0; writer < 2; writer++) {
      List<Write> shuffled = new ArrayList<>(writes);
      Collections.shuffle(shuffled, new Random(seed * 17 + writer));
      writers.add(threads.submit(() -> shuffled.forEach(write -> write.to(store))));
    }
    join(writers);
    done.set(true);
    join(List.of(reader));
    StoreValidator.validate(store.store, config.maxPostsKeptPerAuthor());
    for (long author = 1; author <= AUTHORS; author++) {
      assertThat(store.read(Query.of(author), NOW)).isEqualTo(model.read(Query.of(author), NOW));
      assertThat(store.read(Query.videos(author), NOW))
          .isEqualTo(model.read(Query.videos(author), NOW));
    }
    assertThat(store.read(all(), NOW)).isEqualTo(model.read(all(), NOW));
  }

  /** Reads until done; returns how often. */
  private static long read(StoreSubject store, AtomicLong clock, AtomicBoolean done) {
    PostReader reader = store.store.newReader();
    long reads = 0;
    while (!done.get()) {
      ReadQuery query = all();
      query.video = reads % 3 == 0;
      query.maxResults = reads % 2 == 0 ? 40 : 5000;
      Query.excluding(query, 1 + reads % 100, 200, 300);
      StoreSubject.checked(reader.read(query, clock.get(), StopSignal.NEVER), query);
      reads++;
    }
    return reads;
  }

  private static ReadQuery all() {
    long[] follows = new long[AUTHORS];
    for (int i = 0; i < AUTHORS; i++) {
      follows[i] = i + 1L;
    }
    ReadQuery query = Query.of(follows);
    query.maxResults = 10_000;
    return query;
  }

  private static void join(List<Future<?>> futures)
      throws InterruptedException, ExecutionException {
    for (Future<?> future : futures) {
      future.get();
    }
  }

  /** The post of an id: always the same one, so that creating it twice cannot matter. */
  private static Post post(int id) {
    Random facts = new Random(id * 7919L);
    long author = 1L + facts.nextInt(AUTHORS);
    long created = NOW - facts.nextInt(1000);
    int kind = facts.nextInt(10);
    long other = 1L + facts.nextInt(id + 50);
    if (kind < 3) {
      long parent = other;
      return Post.reply(
          id,
          author,
          created,
          parent,
          1L + facts.nextInt(AUTHORS),
          facts.nextBoolean() ? other : 7);
    }
    if (kind < 6) {
      return Post.retweet(id, author, created, other, 1L + facts.nextInt(AUTHORS));
    }
    return kind < 8 ? Post.video(id, author, created) : Post.original(id, author, created);
  }

  private static Post aged(Post post, long created) {
    return new Post(
        post.id(),
        post.author(),
        created,
        post.parent(),
        post.parentUser(),
        post.source(),
        post.sourceUser(),
        post.conversation(),
        post.replyFlag(),
        post.retweet(),
        post.video());
  }
}
