package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SegmentedTableTest {
  private final StoreBytes bytes = new StoreBytes();
  private final SegmentedTable table = new SegmentedTable(2, bytes);

  private int cell(long id) {
    long[] segment = table.segment(IdHash.of(id));
    int cell = table.home(segment, IdHash.of(id));
    while (SegmentedTable.get(segment, cell) != id) {
      if (SegmentedTable.get(segment, cell) == SegmentedTable.EMPTY) {
        return -1;
      }
      cell = table.next(segment, cell);
    }
    return cell;
  }

  @Test
  void addAndRemove_overManySplits_findsWhatIsThereAndNothingElse() {
    Random random = new Random(1);
    Map<Long, Long> model = new HashMap<>();
    for (int i = 0; i < 60_000; i++) {
      long id = 1L + random.nextInt(20_000);
      long hash = IdHash.of(id);
      if (model.remove(id) != null) {
        table.remove(hash, table.segment(hash), cell(id));
      } else {
        model.put(id, (long) i);
        table.add(hash, id, i);
      }
    }
    assertThat(table.live()).isEqualTo(model.size());
    assertThat(bytes.sum()).isEqualTo(table.sizeBytes());
    for (long id = 1; id <= 20_000; id++) {
      int cell = cell(id);
      Long expected = model.get(id);
      assertThat(cell >= 0).isEqualTo(expected != null);
      if (expected != null) {
        assertThat(SegmentedTable.get(table.segment(IdHash.of(id)), cell + 1)).isEqualTo(expected);
      }
    }
  }

  @Test
  void empty_again_isAsSmallAsNew() {
    long small = table.sizeBytes();
    for (long id = 1; id < 5000; id++) {
      table.add(IdHash.of(id), id, id);
    }
    assertThat(table.sizeBytes()).isBetween(5000L * 16, 5000L * 16 * 2);
    for (long id = 1; id < 5000; id++) {
      table.remove(IdHash.of(id), table.segment(IdHash.of(id)), cell(id));
    }
    assertThat(table.sizeBytes()).isEqualTo(small);
  }

  @Test
  void segment_heldByAReader_staysAsItWas() {
    table.add(IdHash.of(1), 1, 1);
    long[] held = table.segment(IdHash.of(1));
    for (long id = 2; id < 5000; id++) {
      table.add(IdHash.of(id), id, id);
    }
    int cell = table.home(held, IdHash.of(1));
    while (SegmentedTable.get(held, cell) != 1) {
      cell = table.next(held, cell);
    }
    assertThat(SegmentedTable.get(held, cell + 1)).isEqualTo(1);
  }

  @Test
  void hashesThatAgreeInTheirUpperHalf_shareASegmentThatGrows() {
    SegmentedTable tagged = new SegmentedTable(1, new StoreBytes());
    for (long i = 1; i < 3000; i++) {
      tagged.add(0xABCD_0000_0000L << 16, 0xABCD_0000_0000L << 16 | i, 0);
    }
    assertThat(tagged.live()).isEqualTo(2999);
    // As deep as the directory may get, and no deeper.
    assertThat(tagged.sizeBytes()).isLessThan(2_000_000);
  }
}
