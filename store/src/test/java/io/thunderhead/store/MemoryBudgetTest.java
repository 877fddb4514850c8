package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that may not grow as large as its retention asks for. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MemoryBudgetTest {
  private static final long NOW = 1_000_000;
  private static final long RETENTION = 10_000;
  private static final long BUDGET = StoreConfig.LEAST_MAX_BYTES;

  /** What writes under way and a block's last posts may take beyond the budget. */
  private static final long SLACK = 1 << 20;

  private static final StoreConfig CONFIG =
      new StoreConfig(RETENTION, 10, 50, 30, 100, 500, 5000, BUDGET);

  private final PostStore store = new PostStore(CONFIG);

  private CreateOutcome create(long id, long author, long created, long now) {
    return store.create(Post.original(id, author, created).fields(), now);
  }

  private ReadResult read(long author, long now) {
    ReadQuery query = Query.of(author);
    query.maxResults = 100;
    return store.newReader().read(query, now, StopSignal.NEVER);
  }

  private long fill(long firstId, long from, long to, int perSecond) {
    long id = firstId;
    for (long second = from; second < to; second++) {
      for (int i = 0; i < perSecond; i++, id++) {
        create(id, 1 + id % 997, second, second);
        assertThat(store.countedBytes()).isLessThan(BUDGET + SLACK);
      }
    }
    return id;
  }

  @Test
  void atTheBudget_theOldestLeaveFirst_countedAndTold() {
    create(1, 5, NOW - 5000, NOW);
    assertThat(read(5, NOW).windowShort()).isFalse();
    long end = fill(1000, NOW, NOW + 2000, 100);
    StoreStats stats = store.stats();
    assertThat(stats.overBudget()).isPositive();
    assertThat(stats.posts() + stats.overBudget()).isEqualTo(end - 1000 + 1);
    ReadResult result = read(5, NOW + 2000);
    assertThat(result.windowShort()).isTrue();
    assertThat(result.postId(0)).isGreaterThan(end - 1000);
    // The window is a suffix: everything from the oldest post served to the newest is there.
    for (int i = 1; i < result.count(); i++) {
      assertThat(result.postId(i)).isEqualTo(result.postId(i - 1) - 997);
    }
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
  }

  @Test
  void whatIsOlderThanTheBudgetKeeps_isEvictedNotExpired() {
    fill(1000, NOW, NOW + 2000, 100);
    assertThat(create(1, 1, NOW, NOW + 2000)).isEqualTo(CreateOutcome.EVICTED);
    assertThat(create(1, 1, NOW + 1999 - RETENTION, NOW + 2000)).isEqualTo(CreateOutcome.EXPIRED);
  }

  @Test
  void window_isWholeAgainOnceTheRetentionHasCaughtUp() {
    fill(1000, NOW, NOW + 2000, 100);
    assertThat(read(5, NOW + RETENTION / 2).windowShort()).isTrue();
    long later = NOW + 2000 + RETENTION;
    assertThat(read(5, later).windowShort()).isFalse();
    create(1, 5, later, later);
    ReadResult result = read(5, later);
    assertThat(result.windowShort()).isFalse();
    assertThat(result.postId(0)).isEqualTo(1);
  }

  @Test
  void burstOfASingleSecond_isBoundedToo_andTheNextSecondIsTaken() {
    int refused = 0;
    for (long id = 1; id <= 200_000; id++) {
      refused += create(id, 1 + id % 997, NOW, NOW) == CreateOutcome.EVICTED ? 1 : 0;
      assertThat(store.countedBytes()).isLessThan(BUDGET + SLACK);
    }
    assertThat(refused).isPositive();
    assertThat(create(300_000, 5, NOW + 1, NOW + 1)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(read(5, NOW + 1).postId(0)).isEqualTo(300_000);
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
  }

  @Test
  void deletesWithoutEnd_areBoundedToo() {
    for (long id = 1; id <= 600_000; id++) {
      long now = NOW + id / 100;
      store.delete(id, 0, now, now, now);
      assertThat(store.countedBytes()).isLessThan(BUDGET + SLACK);
    }
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
  }

  @Test
  void flood_inAHeapTooSmallForIt_neverRunsOutOfMemory() throws Exception {
    Process flood =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                BudgetFlood.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(flood.waitFor()).as(output).isZero();
  }

  @Test
  void writersOutOfOrder_withAReader_stayWithinTheBudgetAndSound() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        int own = writer;
        writers.add(
            threads.submit(() -> {
              Random random = new Random(own);
              for (long id = 1; id <= 150_000; id++) {
                long now = NOW + id / 50;
                create(id * 2 + own, 1 + random.nextInt(500), now - random.nextInt(4000), now);
                assertThat(store.countedBytes()).isLessThan(BUDGET + 2 * SLACK);
              }
            }));
      }
      PostReader reader = store.newReader();
      ReadQuery query = Query.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
      query.maxResults = 300;
      while (writers.stream().anyMatch(writer -> !writer.isDone())) {
        StoreSubject.checked(reader.read(query, NOW, StopSignal.NEVER), query);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(store.stats().overBudget()).isPositive();
    StoreValidator.validate(store, CONFIG.maxPostsKeptPerAuthor());
    while (store.trim(NOW + 100_000, 1000) > 0) {
      // To the end.
    }
    StoreValidator.validateEmpty(store, CONFIG);
  }
}
