package io.thunderhead.serving.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SupervisedThreadTest {
  private final Counter restarts = Counter.builder().name("restarts").labelNames("thread").build();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void workThatDies_beginsAgainAndIsCounted() throws Exception {
    Thread thread =
        SupervisedThread.start(
            "worker",
            () -> {
              switch (runs.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("planted");
                case 2 -> throw new OutOfMemoryError("planted");
                default -> stop.await();
              }
            },
            restarts,
            stop);
    await().until(() -> runs.get() == 3);
    assertThat(restarts.labelValues("worker").get()).isEqualTo(2);
    assertThat(thread.isAlive()).isTrue();
    stop.countDown();
    thread.join();
    assertThat(runs).hasValue(3);
  }

  @Test
  void stop_whileWaitingToBeginAgain_endsTheThread() throws Exception {
    Thread thread =
        SupervisedThread.start(
            "worker",
            () -> {
              runs.incrementAndGet();
              throw new IllegalStateException("planted");
            },
            restarts,
            stop);
    // Waits grow from a tenth of a second on, so this is in the middle of one.
    await().until(() -> runs.get() == 3);
    stop.countDown();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void workThatIsDone_isNotBegunAgain() throws Exception {
    SupervisedThread.start("worker", runs::incrementAndGet, restarts, stop).join();
    assertThat(runs).hasValue(1);
    assertThat(restarts.labelValues("worker").get()).isZero();
  }
}
