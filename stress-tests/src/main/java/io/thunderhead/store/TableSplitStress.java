package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A table grows from one segment to several under a reader: segments are rebuilt and split, the
 * directory doubles. Forbidden: an entry that is there throughout not found, or found with
 * another's second word.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "always found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while the table grew")
@State
public class TableSplitStress {
  private static final int BEFORE = SegmentedTable.MAX_LIVE / 2 * 9 / 10;
  private static final int AFTER = SegmentedTable.MAX_LIVE / 2 * 3 / 2;
  private static final int LOOKS = 40;

  private final SegmentedTable table = new SegmentedTable(2, new StoreBytes());

  public TableSplitStress() {
    for (long id = 1; id <= BEFORE; id++) {
      table.add(IdHash.of(id), id, id * 3);
    }
  }

  /** Grows it. */
  @Actor
  public void writer() {
    for (long id = BEFORE + 1; id <= AFTER; id++) {
      table.add(IdHash.of(id), id, id * 3);
    }
  }

  /** Counts what it does not find. */
  @Actor
  public void reader(I_Result seen) {
    for (long id = 1; id <= LOOKS; id++) {
      seen.r1 += find(id) == id * 3 ? 0 : 1;
    }
  }

  private long find(long id) {
    long hash = IdHash.of(id);
    long[] segment = table.segment(hash);
    int cell = table.home(segment, hash);
    while (SegmentedTable.get(segment, cell) != SegmentedTable.EMPTY) {
      if (SegmentedTable.get(segment, cell) == id) {
        return SegmentedTable.get(segment, cell + 1);
      }
      cell = table.next(segment, cell);
    }
    return 0;
  }
}
