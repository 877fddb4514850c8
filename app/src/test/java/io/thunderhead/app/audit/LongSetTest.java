package io.thunderhead.app.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LongSetTest {
  @Test
  void add_randomAndCrowdedNumbers_agreesWithAHashSet() throws Exception {
    Random random = new Random(7);
    LongSet set = new LongSet(1_000_000);
    Set<Long> model = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      long value = i % 2 == 0 ? random.nextInt(30_000) : (long) random.nextInt(30_000) << 40;
      assertThat(set.add(value)).isEqualTo(model.add(value));
    }
    assertThat(set.size()).isEqualTo(model.size());
    for (long value = -10; value < 30_010; value++) {
      assertThat(set.contains(value)).isEqualTo(model.contains(value));
    }
  }

  @Test
  void add_atTheLimit_refusesOnlyNewNumbers() throws Exception {
    LongSet set = new LongSet(3);
    for (long value = 0; value < 3; value++) {
      assertThat(set.add(value)).isTrue();
    }
    assertThat(set.add(2)).isFalse();
    assertThatThrownBy(() -> set.add(3)).isInstanceOf(LongSet.FullException.class);
    assertThat(set.size()).isEqualTo(3);
  }
}
