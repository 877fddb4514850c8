package io.thunderhead.serving.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.thunderhead.log.read.EventBatch;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import io.thunderhead.serving.supervision.SupervisedThread;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class EventApplierTest {
  private final InstantSource clock = InstantSource.system();
  private final PostStore store = new PostStore(StoreConfig.defaults());
  private final OutcomeCounters counters = new OutcomeCounters();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ReplayMetrics metrics =
      new ReplayMetrics(
          counters, () -> new Readiness(ReplayState.SERVING, true, false, List.of()), registry);
  private final Semaphore permits = new Semaphore(1);
  private final AtomicBoolean serving = new AtomicBoolean(true);
  private final EventApplier applier =
      new EventApplier(store, clock, permits, serving::get, counters, metrics);

  @Test
  void apply_catchingUp_needsNoPermit() throws InterruptedException {
    serving.set(false);
    permits.acquire();
    applier.apply(0, batch(1, clock.millis()));
    assertThat(store.stats().posts()).isEqualTo(1);
    assertThat(withoutPermit()).isZero();
  }

  @Test
  void apply_oldBatchWithoutAPermitFree_goesOnAtOnce() throws InterruptedException {
    permits.acquire();
    applier.apply(0, batch(1, clock.millis() - 5_000));
    assertThat(store.stats().posts()).isEqualTo(1);
    assertThat(withoutPermit()).isEqualTo(1);
    assertThat(permits.availablePermits()).isZero();
  }

  @Test
  void apply_freshBatch_waitsForAPermitAndGivesItBack() throws Exception {
    permits.acquire();
    // From a clock ahead, so that the batch stays young for as long as a wait can be.
    long loggedMs = clock.millis() + 60_000;
    CompletableFuture<Void> applied =
        CompletableFuture.runAsync(() -> {
          try {
            applier.apply(0, batch(1, loggedMs));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    await().until(permits::hasQueuedThreads);
    assertThat(store.stats().posts()).isZero();
    permits.release();
    applied.get(10, TimeUnit.SECONDS);
    assertThat(store.stats().posts()).isEqualTo(1);
    assertThat(permits.availablePermits()).isEqualTo(1);
  }

  @Test
  void apply_permitNeverFree_goesOnAfterAWhile() throws InterruptedException {
    permits.acquire();
    applier.apply(0, batch(1, clock.millis() + 60_000));
    assertThat(store.stats().posts()).isEqualTo(1);
    assertThat(withoutPermit()).isEqualTo(1);
  }

  @Test
  void counts_splitAtTheTarget() throws InterruptedException {
    applier.apply(
        0,
        new EventBatch(0)
            .wrap(
                List.of(
                    record(8, 1, clock.millis()),
                    record(9, 1, clock.millis()),
                    record(10, 2, clock.millis()),
                    record(11, 1, clock.millis())),
                10));
    ReplayCounts counts = counters.snapshot();
    assertThat(counts.replayed().of(ReplayOutcome.APPLIED)).isEqualTo(1);
    assertThat(counts.replayed().of(ReplayOutcome.DUPLICATE)).isEqualTo(1);
    assertThat(counts.replayed().total()).isEqualTo(2);
    assertThat(counts.live().of(ReplayOutcome.APPLIED)).isEqualTo(1);
    assertThat(counts.live().of(ReplayOutcome.DUPLICATE)).isEqualTo(1);
    assertThat(counts.live().total()).isEqualTo(2);
  }

  @Test
  void trimmer_givesBackWhatHasExpired() throws Exception {
    applier.apply(0, batch(1, clock.millis()));
    AtomicLong aheadMs = new AtomicLong();
    CountDownLatch stop = new CountDownLatch(1);
    StoreTrimmer trimmer =
        new StoreTrimmer(store, () -> clock.instant().plusMillis(aheadMs.get()), metrics, stop);
    Thread thread = SupervisedThread.start("trim", trimmer::run, metrics.threadRestarts, stop);
    try {
      aheadMs.set(Duration.ofDays(10).toMillis());
      await().until(() -> store.stats().posts() == 0);
    } finally {
      stop.countDown();
      thread.join();
    }
  }

  private double withoutPermit() {
    return registry.scrape("thunderhead_replay_batches_without_permit"::equals).stream()
        .flatMap(snapshot -> ((CounterSnapshot) snapshot).getDataPoints().stream())
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private EventBatch batch(long postId, long loggedMs) {
    return new EventBatch(0).wrap(List.of(record(0, postId, loggedMs)), 0);
  }

  private ConsumerRecord<byte[], byte[]> record(long offset, long postId, long loggedMs) {
    byte[] event =
        InNetworkEvent.newBuilder()
            .setTweetCreateEvent(
                TweetCreateEvent.newBuilder()
                    .setPostId(postId)
                    .setAuthorId(7)
                    .setCreatedAt(clock.millis() / 1000))
            .build()
            .toByteArray();
    return new ConsumerRecord<>(
        "t",
        0,
        offset,
        loggedMs,
        TimestampType.LOG_APPEND_TIME,
        0,
        event.length,
        new byte[0],
        event,
        new RecordHeaders(),
        Optional.empty());
  }
}
