package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Posts leave the index under a reader, so that segments are rebuilt without the removed cells.
 * Forbidden: a post that stays not found.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "always found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while others left")
@State
public class TableShrinkStress {
  private static final int LEAVING = 60;
  private static final int STAYING = 4;

  private final PostBlocks blocks = new PostBlocks(StressPosts.config(100), new StoreBytes());
  private final PostIndex index = new PostIndex(blocks, new StoreBytes());
  private final long[] ids = new long[LEAVING + STAYING];
  private final int[] slots = new int[LEAVING + STAYING];

  public TableShrinkStress() {
    for (int i = 0; i < ids.length; i++) {
      ids[i] = i + 1L;
      PostFields post = StressPosts.original(ids[i], 7, StressPosts.NOW);
      slots[i] = blocks.append(post, 7, StressPosts.NOW);
      index.put(ids[i], slots[i]);
    }
  }

  /** Removes all but the last. */
  @Actor
  public void writer() {
    for (int i = 0; i < LEAVING; i++) {
      index.remove(ids[i], slots[i]);
    }
  }

  /** Counts what it does not find. */
  @Actor
  public void reader(I_Result seen) {
    for (int look = 0; look < 10; look++) {
      for (int i = LEAVING; i < ids.length; i++) {
        seen.r1 += index.find(ids[i]) == slots[i] ? 0 : 1;
      }
    }
  }
}
