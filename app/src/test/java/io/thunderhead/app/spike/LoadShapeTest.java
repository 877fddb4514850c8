package io.thunderhead.app.spike;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.thunderhead.app.config.SpikeConfig.Shape;
import org.junit.jupiter.api.Test;

final class LoadShapeTest {
  @Test
  void superbowl_atScaleOne_risesFromEightToTwentyFiveThousandAndBack() {
    LoadShape load = new LoadShape(Shape.SUPERBOWL, 1, 100);
    assertThat(load.rateAt(0)).isEqualTo(8_000);
    assertThat(load.rateAt(25)).isEqualTo(16_500, within(1.0));
    assertThat(load.rateAt(30)).isEqualTo(25_000, within(1.0));
    assertThat(load.rateAt(59)).isEqualTo(25_000);
    assertThat(load.rateAt(71)).isEqualTo(8_000);
    assertThat(load.rateAt(100)).isZero();
    assertThat(load.innerLimit()).isEqualTo(20_000);
  }

  @Test
  void step_hasNoSlopes() {
    LoadShape load = new LoadShape(Shape.STEP, 0.5, 100);
    assertThat(load.rateAt(24.9)).isEqualTo(4_000);
    assertThat(load.rateAt(25)).isEqualTo(12_500);
    assertThat(load.rateAt(60)).isEqualTo(4_000);
  }

  @Test
  void second_isTwentyFiveTimesTheAverageForOneSecond() {
    LoadShape load = new LoadShape(Shape.SECOND, 1, 60);
    assertThat(load.rateAt(23.9)).isEqualTo(5_700);
    assertThat(load.rateAt(24.5)).isEqualTo(142_500);
    assertThat(load.rateAt(25)).isEqualTo(5_700);
    assertThat(load.spikeEnd()).isEqualTo(25);
  }
}
