package io.thunderhead.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class StoreBudgetTest {
  private static final long HEAP = 1_000_000_000;

  @Test
  void bytes_notAskedFor_areAShareOfTheHeap() {
    assertThat(StoreBudget.bytes(0, HEAP)).isEqualTo(700_000_000);
    assertThat(StoreBudget.bytes()).isLessThan(Runtime.getRuntime().maxMemory());
  }

  @Test
  void bytes_thatFit_areTaken() {
    assertThat(StoreBudget.bytes(800_000_000, HEAP)).isEqualTo(800_000_000);
  }

  @Test
  void bytes_thatCannotWork_nameFlagAndLimit() {
    assertThatThrownBy(() -> StoreBudget.bytes(800_000_001, HEAP))
        .hasMessageContainingAll("--store-bytes", "800000000", "heap of 1000000000");
    assertThatThrownBy(() -> StoreBudget.bytes(1000, HEAP)).hasMessageContaining("--store-bytes");
    assertThatThrownBy(() -> StoreBudget.bytes(-1, HEAP)).hasMessageContaining("--store-bytes");
  }
}
