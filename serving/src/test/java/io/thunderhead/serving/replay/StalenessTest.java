package io.thunderhead.serving.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class StalenessTest {
  @Test
  void update_aroundTheLimit_doesNotFlap() {
    Staleness staleness = new Staleness(60_000);
    assertThat(staleness.update(60_000)).isFalse();
    assertThat(staleness.update(60_001)).isTrue();
    assertThat(staleness.update(59_000)).isTrue();
    assertThat(staleness.update(45_000)).isFalse();
    assertThat(staleness.update(59_000)).isFalse();
  }
}
