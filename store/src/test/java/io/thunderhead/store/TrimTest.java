package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TrimTest {
  private static final long NOW = 1_000_000;
  private static final StoreConfig CONFIG = new StoreConfig(1000, 10, 50, 30, 100, 500, 50);

  private final StoreSubject subject = new StoreSubject(CONFIG);
  private final PostStore store = subject.store;

  @Test
  void trim_goesInSteps_untilNothingIsLeft() {
    for (long id = 1; id <= 100; id++) {
      subject.create(Post.video(id, id % 7 + 1, NOW), NOW);
    }
    subject.delete(500, 0, NOW, NOW, NOW);
    long later = NOW + 2000;
    int steps = 0;
    int done = store.trim(later, 10);
    while (done > 0) {
      assertThat(done).isLessThanOrEqualTo(10);
      steps += done;
      StoreValidator.validate(store, 50);
      done = store.trim(later, 10);
    }
    assertThat(steps).isBetween(101, 120);
    assertThat(store.stats().expired()).isEqualTo(100);
    StoreValidator.validateEmpty(store, CONFIG);
  }

  @Test
  void trim_leavesWhatIsWithinTheRetention() {
    subject.create(Post.original(1, 1, NOW - 500), NOW);
    subject.create(Post.original(2, 1, NOW), NOW);
    subject.trim(NOW + 700);
    assertThat(store.stats().posts()).isEqualTo(1);
    assertThat(subject.read(Query.of(1), NOW + 700)).containsExactly(2L);
    assertThat(store.trim(NOW + 700, 10)).isZero();
  }

  @Test
  void read_whileABlockIsGone_servesTheRest() {
    subject.create(Post.original(1, 1, NOW), NOW);
    ReadResult result = store.newReader().read(Query.of(1), NOW, StopSignal.NEVER);
    subject.trim(NOW + 5000);
    assertThat(result.postId(0)).isEqualTo(1);
    assertThat(StoreSubject.checked(result, Query.of(1))).containsExactly(1L);
  }
}
