package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A copy taken while events are applied, made into a store, and given the events from where the log
 * stood before the copy, against the naive model that was given every event once and never stopped.
 *
 * <p>Each run has a seed of its own, or that of {@code -Dthunderhead.seed}; a failure names it.
 */
@Timeout(120)
final class StoreWalkTest {
  private static final int IDS = 60;
  private static final int AUTHORS = 4;
  private static final StoreConfig ROOMY = new StoreConfig(100_000, 60, 50, 30, 100, 500, 5000);
  private static final StoreConfig SHORT = new StoreConfig(300, 20, 50, 30, 100, 500, 5000);
  private static final StoreConfig TIGHT = new StoreConfig(100_000, 60, 50, 30, 100, 500, 6);

  private sealed interface Event {}

  private record Create(Post post) implements Event {}

  private record Delete(long id, long at) implements Event {}

  /** A log, and the time at which each event is applied. */
  @SuppressWarnings("ArrayRecordComponent") // Read by index, never compared.
  private record History(List<Event> events, long[] times, int copiedFrom, int reloadedAt) {}

  @Test
  void copyUnderWrites_reloadedAndReplayed_isLikeAStoreThatNeverStopped() {
    runMany(500, 90_000, ROOMY);
  }

  @Test
  void copyUnderWrites_postsAndTombstonesExpireMeanwhile_isLikeAStoreThatNeverStopped() {
    runMany(500, 400, SHORT);
  }

  @Test
  void copyUnderWrites_fullLists_lacksOnlyWhatStandsAtTheirEnd() {
    long first = firstSeed();
    for (long seed = first; seed < first + 500; seed++) {
      History history = history(new Random(seed), 90_000, TIGHT, false);
      PostStore never = new PostStore(TIGHT);
      for (int i = 0; i < history.events.size(); i++) {
        apply(never, history.events.get(i), history.times[i]);
      }
      StoreSubject reloaded = new StoreSubject(TIGHT);
      run(history, TIGHT, new NaivePostStore(TIGHT), reloaded);
      StoreValidator.validate(reloaded.store, TIGHT.maxPostsKeptPerAuthor());
      List<Post> found = StoreCopy.of(reloaded.store).posts;
      List<Post> expected = StoreCopy.of(never).posts;
      for (Post missing : expected) {
        long newer = found.stream().filter(post -> isBefore(post, missing)).count();
        assertThat(found.contains(missing) || newer >= keptForSure(history, missing))
            .as("-Dthunderhead.seed=%s lacks %s, has %s", seed, missing, found)
            .isTrue();
      }
      assertThat(found)
          .as("-Dthunderhead.seed=%s", seed)
          .noneMatch(post -> isDeleted(history, post.id()));
    }
  }

  @Test
  void walk_underARunningWriter_losesNothingAndBringsNothingBack() throws InterruptedException {
    PostStore store = new PostStore(ROOMY);
    long now = 1_000_000;
    int total = 60_000;
    AtomicInteger applied = new AtomicInteger();
    CountDownLatch walking = new CountDownLatch(1);
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < total; i++) {
                if (i == total / 2) {
                  awaitUninterrupted(walking);
                }
                apply(store, concurrentEvent(i, now), now);
                applied.set(i + 1);
              }
            });
    while (applied.get() < total / 10) {
      Thread.onSpinWait();
    }
    int from = applied.get();
    StoreCopy copy =
        StoreCopy.of(
            store,
            () -> {
              walking.countDown();
              while (applied.get() == from) {
                Thread.onSpinWait();
              }
            });
    writer.join();
    PostStore reloaded = new PostStore(ROOMY);
    copy.putInto(reloaded, now);
    for (int i = from; i < total; i++) {
      apply(reloaded, concurrentEvent(i, now), now);
    }
    StoreValidator.validate(reloaded, ROOMY.maxPostsKeptPerAuthor());
    assertThat(sorted(StoreCopy.of(reloaded).posts)).isEqualTo(sorted(StoreCopy.of(store).posts));
    assertThat(reloaded.stats().tombstones()).isEqualTo(store.stats().tombstones());
  }

  @Test
  void walk_tellsWhatReadsLikeTheOriginal() {
    Random random = new Random(firstSeed());
    PostStore store = new PostStore(ROOMY);
    long now = 1_000_000;
    for (int i = 0; i < 400; i++) {
      apply(store, new Create(RandomPosts.post(random, 1 + i, 1 + i % 7, now - i, 400, 7)), now);
    }
    StoreCopy copy = StoreCopy.of(store);
    PostStore again = new PostStore(ROOMY);
    copy.putInto(again, now);
    StoreCopy second = StoreCopy.of(again);
    assertThat(sorted(second.posts)).isEqualTo(sorted(copy.posts));
    assertThat(again.stats().originals()).isEqualTo(store.stats().originals());
    assertThat(again.stats().secondary()).isEqualTo(store.stats().secondary());
    assertThat(again.stats().videos()).isEqualTo(store.stats().videos());
  }

  @Test
  void walk_afterTheBudgetHasEvicted_keepsSayingSo() {
    PostStore store = new PostStore(ROOMY);
    store.create(Post.original(1, 1, 1_000_000).fields(), 1_000_000);
    store.evictBefore(999_000);
    PostStore again = new PostStore(ROOMY);
    StoreCopy.of(store).putInto(again, 1_000_000);
    ReadResult result = again.newReader().read(Query.of(1), 1_000_000, StopSignal.NEVER);
    assertThat(result.windowShort()).isTrue();
    assertThat(again.create(Post.original(2, 1, 998_999).fields(), 1_000_000))
        .isEqualTo(CreateOutcome.EVICTED);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long firstSeed() {
    return Long.getLong("thunderhead.seed", System.nanoTime());
  }

  private static void runMany(int histories, int ages, StoreConfig config) {
    long first = firstSeed();
    for (long seed = first; seed < first + histories; seed++) {
      History history = history(new Random(seed), ages, config, true);
      NaivePostStore model = new NaivePostStore(config);
      StoreSubject reloaded = new StoreSubject(config);
      long now = run(history, config, model, reloaded);
      StoreValidator.validate(reloaded.store, config.maxPostsKeptPerAuthor());
      for (long requester = 0; requester <= AUTHORS; requester++) {
        for (boolean video : new boolean[] {false, true}) {
          ReadQuery query = Query.of(1, 2, 3, 4);
          query.requesterId = requester;
          query.video = video;
          assertThat(reloaded.read(query, now))
              .as("-Dthunderhead.seed=%s", seed)
              .isEqualTo(model.read(query, now));
        }
      }
    }
  }

  /** Gives the model everything, and the other store a copy and what the log has from its start. */
  private static long run(
      History history, StoreConfig config, NaivePostStore model, StoreSubject reloaded) {
    PostStore stopped = new PostStore(config);
    List<Event> events = history.events;
    int[] next = {0};
    Runnable applyNext =
        () -> {
          if (next[0] < history.reloadedAt) {
            int i = next[0]++;
            apply(stopped, events.get(i), history.times[i]);
            stopped.trim(history.times[i], 3);
          }
        };
    while (next[0] < history.copiedFrom) {
      applyNext.run();
    }
    StoreCopy copy = StoreCopy.of(stopped, applyNext);
    long now = history.times[history.reloadedAt];
    copy.putInto(reloaded.store, now);
    for (int i = history.copiedFrom; i < events.size(); i++) {
      now = Math.max(now, history.times[i]);
      apply(reloaded.store, events.get(i), now);
    }
    for (int i = 0; i < events.size(); i++) {
      apply(model, events.get(i), history.times[i]);
    }
    model.trim(now);
    return now;
  }

  private static void apply(PostStore store, Event event, long now) {
    switch (event) {
      case Create create -> store.create(create.post.fields(), now);
      case Delete delete -> store.delete(delete.id, 0, delete.at, delete.at, now);
    }
  }

  private static void apply(NaivePostStore store, Event event, long now) {
    switch (event) {
      case Create create -> store.create(create.post, now);
      case Delete delete -> store.delete(delete.id, 0, delete.at, delete.at, now);
    }
  }

  private static History history(Random random, int ages, StoreConfig config, boolean videos) {
    int length = 60 + random.nextInt(140);
    List<Event> events = new ArrayList<>();
    long[] times = new long[length];
    Map<Long, Post> created = new LinkedHashMap<>();
    Map<Long, Long> deleted = new HashMap<>();
    long now = 1_000_000;
    for (int i = 0; i < length; i++) {
      now += random.nextInt(3) == 0 ? random.nextInt(Math.max(2, ages / 60)) : 0;
      times[i] = now;
      long id = 1L + random.nextInt(IDS);
      if (random.nextInt(5) == 0) {
        long at = now - random.nextInt(20);
        deleted.merge(id, at, Math::min);
        events.add(new Delete(id, at));
      } else {
        // Whatever comes again comes as it was, and nothing is created after its delete.
        long latest = Math.min(now, deleted.getOrDefault(id, now));
        long at = latest - random.nextInt((int) Math.min(ages, config.retentionSeconds()));
        long author = 1L + random.nextInt(AUTHORS);
        Post post = RandomPosts.post(random, id, author, at, IDS, AUTHORS);
        Post first = created.putIfAbsent(id, videos ? post : withoutVideo(post));
        events.add(new Create(first != null ? first : videos ? post : withoutVideo(post)));
      }
    }
    int reloadedAt = random.nextInt(length);
    return new History(events, times, random.nextInt(reloadedAt + 1), reloadedAt);
  }

  /** How many of a full list's newest must be right: all but as many as are deleted meanwhile. */
  private static long keptForSure(History history, Post post) {
    List<Event> replayed = history.events.subList(history.copiedFrom, history.events.size());
    long deletes =
        replayed.stream()
            .filter(event -> event instanceof Delete delete && isOf(history, delete.id, post))
            .count();
    return TIGHT.maxPostsKeptPerAuthor() - deletes;
  }

  private static boolean isOf(History history, long id, Post other) {
    return history.events.stream()
        .anyMatch(event ->
            event instanceof Create create
                && create.post.id() == id
                && create.post.author() == other.author());
  }

  private static Post withoutVideo(Post post) {
    return new Post(
        post.id(),
        post.author(),
        post.created(),
        post.parent(),
        post.parentUser(),
        post.source(),
        post.sourceUser(),
        post.conversation(),
        post.replyFlag(),
        post.retweet(),
        false);
  }

  /** Whether the first would keep the second out of a full list. */
  private static boolean isBefore(Post post, Post other) {
    return post.author() == other.author()
        && post.original() == other.original()
        && Post.NEWEST_FIRST.compare(post, other) < 0;
  }

  private static boolean isDeleted(History history, long id) {
    return history.events.stream().anyMatch(e -> e instanceof Delete delete && delete.id == id);
  }

  /** Some 3,000 authors; every seventh event deletes what was created some events before. */
  private static Event concurrentEvent(int i, long now) {
    return i % 7 == 6
        ? new Delete(i - 40L * (i % 5), now)
        : new Create(Post.original(i + 1, 1 + (i * 31L) % 3_001, now - i % 5_000));
  }

  private static List<Post> sorted(List<Post> posts) {
    return posts.stream().sorted(Post.NEWEST_FIRST).toList();
  }
}
