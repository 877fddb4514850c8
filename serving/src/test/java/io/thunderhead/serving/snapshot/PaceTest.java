package io.thunderhead.serving.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static Pace afterSlices(int slices, long items, long budgetNs) {
    Pace pace = new Pace(items, budgetNs);
    for (int i = 0; i < slices * 128; i++) {
      pace.step();
    }
    return pace;
  }

  @Test
  void restNs_aheadOfTime_isWhatIsLeftOfTheSlice() {
    // 1,280,000 items in two seconds: 200 us for each slice of 128.
    Pace pace = afterSlices(1, 1_280_000, 2 * SECOND);
    assertThat(pace.restNs(30_000)).isEqualTo(170_000);
  }

  @Test
  void restNs_behindTime_orHardlyAhead_isNone() {
    Pace pace = afterSlices(1, 1_280_000, 2 * SECOND);
    assertThat(pace.restNs(200_000)).isZero();
    assertThat(pace.restNs(SECOND)).isZero();
    assertThat(pace.restNs(180_000)).isZero();
  }

  @Test
  void restNs_ofASmallStoreWithMuchTime_isBounded() {
    Pace pace = afterSlices(1, 256, 60 * SECOND);
    assertThat(pace.restNs(0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1));
  }

  @Test
  void restNs_withoutABudget_isNone() {
    assertThat(afterSlices(3, 1_000, 0).restNs(0)).isZero();
  }
}
