package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PartitionWatchTest {
  private final PartitionWatch watch = new PartitionWatch(100, Duration.ofSeconds(60), 0);
  private long second;

  @Test
  void committedOffsetThatStandsStillBeforeLag_isToldUntilItMoves() {
    look(59, 100, 7);
    assertThat(watch.problem()).isNull();
    look(1, 100, 8);
    assertThat(watch.problem()).isEqualTo("commits nothing since 60 s, 8 records behind");
    assertThat(watch.stalledSeconds()).isEqualTo(60);
    look(1, 101, 7);
    assertThat(watch.problem()).isNull();
    assertThat(watch.stalledSeconds()).isZero();
  }

  @Test
  void committedOffsetThatStandsStillWithoutLag_isFine() {
    look(500, 100, 0);
    assertThat(watch.problem()).isNull();
    // What then comes has its own time to be committed.
    look(59, 100, 3);
    assertThat(watch.problem()).isNull();
  }

  @Test
  void lagThatOnlyGrows_isToldUntilItFalls() {
    long lag = 5_000;
    for (int minute = 0; minute < 5; minute++) {
      lookAtMoving(60, lag);
      assertThat(watch.problem()).isNull();
      lag += 500;
    }
    lookAtMoving(60, lag);
    assertThat(watch.problem()).isEqualTo("falls behind: 5000 records since 5 min ago, now 7500");
    lookAtMoving(60, 7_000);
    assertThat(watch.problem()).isNull();
  }

  @Test
  void lagOfASpike_thatIsWorkedOff_isFine() {
    long[] lags = {0, 90_000, 200_000, 300_000, 250_000, 200_000, 100_000, 0};
    for (long lag : lags) {
      lookAtMoving(60, lag);
      assertThat(watch.problem()).isNull();
    }
  }

  @Test
  void lagThatGrowsAndIsSmall_isFine() {
    for (int minute = 1; minute < 20; minute++) {
      lookAtMoving(60, minute);
      assertThat(watch.problem()).isNull();
    }
  }

  /** A look each second for so many, at a committed offset that stands still. */
  private void look(int seconds, long committed, long lag) {
    for (int i = 0; i < seconds; i++) {
      second++;
      watch.look(committed, lag, TimeUnit.SECONDS.toNanos(second));
    }
  }

  /** The same, at one that moves each second. */
  private void lookAtMoving(int seconds, long lag) {
    for (int i = 0; i < seconds; i++) {
      look(1, 1_000 + second, lag);
    }
  }
}
