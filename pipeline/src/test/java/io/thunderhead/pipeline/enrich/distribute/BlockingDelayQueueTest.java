package io.thunderhead.pipeline.enrich.distribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class BlockingDelayQueueTest {
  private static final long SOON = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONG = TimeUnit.HOURS.toNanos(1);

  @Test
  void take_givesItemsInTheOrderOfTheirTimes_andTheirPermitsBack() throws Exception {
    BlockingDelayQueue<String> queue = new BlockingDelayQueue<>(3);
    queue.put("last", TimeUnit.MILLISECONDS.toNanos(60));
    queue.put("first", SOON);
    queue.put("second", TimeUnit.MILLISECONDS.toNanos(30));
    assertThat(queue.tryPut("none left", SOON)).isFalse();
    assertThat(List.of(queue.take(), queue.take(), queue.take()))
        .containsExactly("first", "second", "last");
    assertThat(queue.availablePermits()).isEqualTo(3);
    assertThat(queue.size()).isZero();
  }

  @Test
  void put_withoutRoom_waitsForATake() throws Exception {
    BlockingDelayQueue<Integer> queue = new BlockingDelayQueue<>(1);
    queue.put(1, SOON);
    Thread second = Thread.ofVirtual().unstarted(() -> park(queue, 2, SOON));
    second.start();
    await().until(() -> second.getState() == Thread.State.WAITING);
    assertThat(queue.take()).isEqualTo(1);
    assertThat(queue.take()).isEqualTo(2);
    assertThat(queue.availablePermits()).isEqualTo(1);
  }

  @Test
  void parkingAndInterrupting_tenThousandTimes_leaksNoPermit() throws Exception {
    int capacity = 4;
    BlockingDelayQueue<Integer> queue = new BlockingDelayQueue<>(capacity);
    AtomicInteger parked = new AtomicInteger();
    for (int i = 0; i < 10_000; i++) {
      int item = i;
      CountDownLatch started = new CountDownLatch(1);
      Thread parker =
          Thread.ofVirtual()
              .start(() -> {
                started.countDown();
                if (park(queue, item, LONG)) {
                  parked.incrementAndGet();
                }
              });
      started.await();
      parker.interrupt();
      parker.join();
      // Every other time somebody withdraws what got in, so that both sides race.
      if (i % 2 == 0 && queue.withdraw(item)) {
        parked.decrementAndGet();
        queue.release();
      }
    }
    assertThat(parked.get()).isLessThanOrEqualTo(capacity);
    assertThat(queue.availablePermits()).isEqualTo(capacity - parked.get());
    for (int i = 0; i < 10_000; i++) {
      if (queue.withdraw(i)) {
        queue.release();
      }
    }
    assertThat(queue.availablePermits()).isEqualTo(capacity);
    assertThat(queue.size()).isZero();
  }

  @Test
  void interruptedTake_takesNothing() throws Exception {
    BlockingDelayQueue<Integer> queue = new BlockingDelayQueue<>(1);
    queue.put(1, LONG);
    Thread taker =
        Thread.ofPlatform()
            .unstarted(() -> {
              try {
                queue.take();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    taker.start();
    await().until(() -> taker.getState() == Thread.State.TIMED_WAITING);
    taker.interrupt();
    assertThat(taker.join(Duration.ofSeconds(10))).isTrue();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.availablePermits()).isZero();
  }

  @Test
  void itemParkedAgain_keepsItsPermitUntilItIsReleased() throws Exception {
    BlockingDelayQueue<String> queue = new BlockingDelayQueue<>(1);
    queue.put("a", SOON);
    assertThat(queue.takeKeepingPermit()).isEqualTo("a");
    assertThat(queue.tryPut("b", SOON)).isFalse();
    queue.putAgain("a", SOON);
    assertThat(queue.takeKeepingPermit()).isEqualTo("a");
    assertThat(queue.withdraw("a")).isFalse();
    queue.release();
    assertThat(queue.tryPut("b", SOON)).isTrue();
  }

  private static boolean park(BlockingDelayQueue<Integer> queue, int item, long delay) {
    try {
      queue.put(item, delay);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
