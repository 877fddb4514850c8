package io.thunderhead.serving.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ReplayConfigTest {
  @Test
  void of_hasTheDefaultsOfTheContract() {
    ReplayConfig config = ReplayConfig.of("in_network_events");
    assertThat(config.maxStalenessSeconds()).isEqualTo(60);
    assertThat(config.applyPermits()).isEqualTo(3);
  }

  @Test
  void constructor_outOfRange_namesTheSettingAndItsLimits() {
    assertThatThrownBy(() -> new ReplayConfig("t", 0, 60, 3))
        .hasMessage("threads must be 1 to 1024, is 0");
    assertThatThrownBy(() -> new ReplayConfig("t", 1, 0, 3))
        .hasMessage("maxStalenessSeconds must be 1 to 86400, is 0");
    assertThatThrownBy(() -> new ReplayConfig("t", 1, 60, 0))
        .hasMessage("applyPermits must be 1 to 1024, is 0");
    assertThatThrownBy(() -> new ReplayConfig(" ", 1, 60, 3)).hasMessage("topic must not be blank");
  }
}
