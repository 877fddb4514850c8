package io.thunderhead.pipeline.enrich.distribute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FreshStageTest {
  private static FreshStage stage(int maxRate) {
    return new FreshStage(List.of(), DistributeConfig.defaults().parking(), maxRate);
  }

  @Test
  void mayTake_atALimit_refusesWhatIsBeyondItsBurst() {
    FreshStage slow = stage(1);
    assertThat(slow.mayTake()).isTrue();
    assertThat(slow.mayTake()).isFalse();
  }

  @Test
  void mayTake_withoutALimit_refusesNothing() {
    FreshStage free = stage(0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(free.mayTake()).isTrue();
    }
  }
}
