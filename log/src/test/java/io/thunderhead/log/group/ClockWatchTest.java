package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.log.LogUnavailableException;
import org.junit.jupiter.api.Test;

final class ClockWatchTest {
  private static final long WALL_MS = 1_700_000_000_000L;
  private static final long NANOS = -5_000_000_000L;

  private final ClockWatch watch = new ClockWatch(WALL_MS, NANOS);

  private void look(long wallMs, long waitedMs) throws LogUnavailableException {
    watch.look(WALL_MS + wallMs, NANOS + waitedMs * 1_000_000);
  }

  @Test
  void look_clocksGoTogether_orTheWallClockIsPutForwardOrSlewed_isFine() {
    assertThatCode(
            () -> {
              look(100, 100);
              look(60_000, 60_000);
              look(7_200_000, 60_100);
              for (int i = 1; i <= 100; i++) {
                look(7_200_000 - i * 1_000, 60_100 + i * 10);
              }
            })
        .doesNotThrowAnyException();
  }

  @Test
  void look_wallClockPutBack_tellsByHowMuch() {
    assertThatThrownBy(() -> look(-7_199_900, 100))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("put back by 7200 s");
  }

  @Test
  void look_putBackAfterItWasPutForward_isTold() throws Exception {
    look(7_200_000, 100);
    assertThatThrownBy(() -> look(200, 200)).isInstanceOf(LogUnavailableException.class);
  }
}
