package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The table of blocks doubles under a reader. Forbidden: a post in an old block not found, or one
 * in the new block found and not whole.
 */
@JCStressTest
@Outcome(
    id = {"1, 0", "1, 2"},
    expect = Expect.ACCEPTABLE,
    desc = "found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while the table grew")
@State
public class BlockTableGrowthStress {
  private static final int ROOM = 64;
  private static final long SPAN = 2;

  private final PostBlocks blocks = new PostBlocks(StressPosts.config(10), new StoreBytes());
  private final int first = append(1, 0);

  public BlockTableGrowthStress() {
    for (int span = 1; span < ROOM - 1; span++) {
      append(9, span);
    }
  }

  /** Opens the block for which there is no room. */
  @Actor
  public void writer() {
    append(2, ROOM);
  }

  /** Looks at the first block and at the new one. */
  @Actor
  public void reader(II_Result seen) {
    seen.r1 = StressPosts.cell(blocks, first, 1);
    seen.r2 = blocks.of(ROOM << 16) == null ? 0 : StressPosts.cell(blocks, ROOM << 16, 2);
  }

  private int append(long id, long span) {
    long created = StressPosts.NOW + span * SPAN;
    return blocks.append(StressPosts.original(id, 7, created), 7, created);
  }
}
