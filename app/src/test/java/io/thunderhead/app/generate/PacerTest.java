package io.thunderhead.app.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PacerTest {
  private static final long MS = 1_000_000;

  @Test
  void take_atAnyRhythm_keepsTheRate() {
    Pacer pacer = new Pacer(1000, 0);
    long taken = 0;
    for (long now = 0; now <= 10_000; now += 7) {
      taken += pacer.take(now * MS, Long.MAX_VALUE);
    }
    assertThat(taken).isBetween(9_990L, 10_000L);
  }

  @Test
  void take_withABound_leavesTheRestForLater() {
    Pacer pacer = new Pacer(1000, 0);
    assertThat(pacer.take(100 * MS, 30)).isEqualTo(30);
    assertThat(pacer.take(100 * MS, 1000)).isEqualTo(70);
    assertThat(pacer.take(100 * MS, 1000)).isZero();
  }

  @Test
  void take_afterALongPause_isForgivenAllButASecond() {
    Pacer pacer = new Pacer(1000, 0);
    assertThat(pacer.take(60_000 * MS, Long.MAX_VALUE)).isEqualTo(1000);
    assertThat(pacer.take(60_000 * MS, Long.MAX_VALUE)).isZero();
    assertThat(pacer.take(60_100 * MS, Long.MAX_VALUE)).isEqualTo(100);
  }

  @Test
  void take_belowOneASecond_comesInTime() {
    Pacer pacer = new Pacer(0.5, 0);
    assertThat(pacer.take(1_900 * MS, 10)).isZero();
    assertThat(pacer.take(2_001 * MS, 10)).isEqualTo(1);
  }
}
