package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EntrySpaceTest {
  private final StoreBytes bytes = new StoreBytes();
  private final EntrySpace space = new EntrySpace(bytes);

  private record Range(int place, int words, long mark) {}

  private Range allocate(int words, long mark) {
    Range range = new Range(space.allocate(words), words, mark);
    assertThat(space.capacity(range.place)).isGreaterThanOrEqualTo(words);
    for (int i = 0; i < words; i++) {
      words(range)[EntrySpace.offset(range.place) + i] = mark;
    }
    return range;
  }

  private long[] words(Range range) {
    return space.words(range.place);
  }

  private void check(Range range) {
    for (int i = 0; i < range.words; i++) {
      assertThat(words(range)[EntrySpace.offset(range.place) + i]).isEqualTo(range.mark);
    }
  }

  @Test
  void ranges_inAnyOrder_neverOverlapAndAllIsGivenBack() {
    Random random = new Random(3);
    List<Range> held = new ArrayList<>();
    for (int step = 0; step < 100_000; step++) {
      if (held.isEmpty() || random.nextInt(100) < 52) {
        int words = random.nextInt(20) == 0 ? 1 + random.nextInt(3000) : 1 + random.nextInt(40);
        held.add(allocate(words, step));
      } else {
        Range range = held.set(random.nextInt(held.size()), held.getLast());
        held.removeLast();
        check(range);
        space.free(range.place);
      }
    }
    held.forEach(this::check);
    assertThat(space.ranges()).isEqualTo(held.size());
    assertThat(bytes.sum()).isEqualTo(space.sizeBytes());
    held.forEach(range -> space.free(range.place));
    assertThat(space.ranges()).isZero();
    assertThat(bytes.sum()).isZero();
  }

  @Test
  void smallRanges_takeHardlyMoreThanTheirWords() {
    for (int i = 0; i < 10_000; i++) {
      allocate(6, i);
    }
    assertThat(bytes.sum()).isBetween(10_000 * 48L, 10_000 * 48L * 102 / 100);
  }
}
