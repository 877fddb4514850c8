package io.thunderhead.log.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PartitionProgressTest {
  private final PartitionProgress progress = new PartitionProgress(0, false, 0);

  @Test
  void caughtUp_dependsOnTheEndAtStart_notOnTheEndNow() {
    assertThat(progress.caughtUp()).isFalse();
    progress.located(10, 20, 0);
    progress.ended(1_000, 1, 10);
    assertThat(progress.caughtUp()).isFalse();
    progress.applied(20);
    assertThat(progress.caughtUp()).isTrue();
  }

  @Test
  void caughtUp_emptyPartition_isAtOnce() {
    progress.located(0, 0, 0);
    assertThat(progress.caughtUp()).isTrue();
  }

  @Test
  void asOf_appliedUpToTheEnd_isWhenTheEndWasAskedFor() {
    progress.located(0, 20, 0);
    progress.applied(20);
    progress.ended(20, 5_000, 20);
    assertThat(progress.asOfMs()).isEqualTo(5_000);
  }

  @Test
  void asOf_neverQuiteAtTheEnd_followsTheEndsThatWereReached() {
    progress.located(0, 20, 0);
    progress.ended(20, 1_000, 0);
    progress.ended(40, 2_000, 0);
    assertThat(progress.asOfMs()).isZero();
    progress.applied(25);
    progress.ended(60, 3_000, 25);
    assertThat(progress.asOfMs()).isEqualTo(1_000);
    progress.applied(59);
    progress.ended(80, 4_000, 59);
    assertThat(progress.asOfMs()).isEqualTo(1_000);
    progress.applied(61);
    progress.ended(90, 5_000, 61);
    assertThat(progress.asOfMs()).isEqualTo(3_000);
  }

  @Test
  void asOf_caughtUpButTheBrokerNeverAnsweredSince_isWhenReadingBegan() {
    progress.located(0, 20, 700);
    assertThat(progress.asOfMs()).isZero();
    progress.applied(20);
    assertThat(progress.asOfMs()).isEqualTo(700);
  }

  @Test
  void asOf_neverFalls() {
    progress.freshAsOf(9);
    progress.freshAsOf(3);
    assertThat(progress.asOfMs()).isEqualTo(9);
  }

  @Test
  void ended_belowWhatWasAppliedBeforeTheRequest_asksForARewind() {
    progress.located(0, 20, 0);
    progress.applied(20);
    progress.ended(5, 1_000, 20);
    assertThat(progress.takeRewind()).isTrue();
    assertThat(progress.takeRewind()).isFalse();
    assertThat(progress.asOfMs()).isZero();
  }

  @Test
  void ended_appliedMoreSinceTheRequest_isNoRewind() {
    progress.located(0, 20, 0);
    progress.applied(25);
    progress.ended(22, 1_000, 20);
    assertThat(progress.takeRewind()).isFalse();
    assertThat(progress.asOfMs()).isEqualTo(1_000);
  }

  @Test
  void asOf_afterARewindBelowAnEarlierGoal_followsTheNewEnds() {
    progress.located(0, 20, 0);
    progress.ended(1_000, 1_000, 0);
    progress.located(0, 10, 0);
    progress.applied(10);
    progress.ended(50, 2_000, 10);
    progress.applied(55);
    progress.ended(60, 3_000, 55);
    assertThat(progress.asOfMs()).isEqualTo(2_000);
  }

  @Test
  void gap_healsOnceItIsOutOfTheWindow() {
    progress.gapUntil(100);
    progress.gapUntil(50);
    assertThat(progress.gap(99)).isTrue();
    assertThat(progress.gap(100)).isFalse();
  }
}
