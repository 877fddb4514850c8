package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DecimalKeyTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1_500_000_000_000_000_001L, Long.MAX_VALUE})
  void of_isDecimal(long id) {
    assertThat(new String(new DecimalKey().of(id), UTF_8)).isEqualTo(Long.toString(id));
  }

  @Test
  void of_negative_isRefused() {
    assertThatThrownBy(() -> new DecimalKey().of(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
