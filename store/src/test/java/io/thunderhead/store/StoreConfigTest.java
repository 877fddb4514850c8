package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class StoreConfigTest {
  @Test
  void defaults_areTheDocumentedOnes() {
    assertThat(StoreConfig.defaults())
        .isEqualTo(new StoreConfig(48 * 3600, 300, 50, 30, 100, 500, 5000));
  }

  @Test
  void outOfRange_namesSettingAndLimits() {
    assertThatThrownBy(() -> new StoreConfig(0, 300, 50, 30, 100, 500, 5000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retentionSeconds must be between 1 and 2592000, not 0");
    assertThatThrownBy(() -> new StoreConfig(1, 0, 0, 0, 0, 1, 0))
        .hasMessageContaining("maxPostsKeptPerAuthor");
  }

  @Test
  void longestRetention_stillWorks() {
    StoreSubject store = new StoreSubject(new StoreConfig(30 * 86_400, 86_400, 5, 5, 5, 5, 5));
    long now = 2_000_000_000;
    assertThat(store.create(Post.original(1, 1, now - 30 * 86_400), now))
        .isEqualTo(CreateOutcome.APPLIED);
    assertThat(store.create(Post.original(2, 1, now + 86_400), now))
        .isEqualTo(CreateOutcome.APPLIED);
    assertThat(store.read(Query.of(1), now)).containsExactly(2L, 1L);
    assertThat(store.read(Query.of(1), now + 1)).containsExactly(2L);
  }
}
