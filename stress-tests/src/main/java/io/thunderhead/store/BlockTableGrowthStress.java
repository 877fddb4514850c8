package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The table of blocks doubles under a reader. Forbidden: a post in an old block not found, or one
 * in the new block, whose slot was published, not found or not whole.
 *
 * <p>The slot is published with a release, as the store's index and timelines do it. Nobody may
 * look at a cell otherwise: the table shows a new block before its first cell is written.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the new post not published yet")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while the table grew")
@State
public class BlockTableGrowthStress {
  private static final int ROOM = 64;
  private static final long SPAN = 2;
  private static final int LOST = -1;
  private static final VarHandle PUBLISHED;

  static {
    try {
      PUBLISHED =
          MethodHandles.lookup()
              .findVarHandle(BlockTableGrowthStress.class, "published", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PostBlocks blocks = new PostBlocks(StressPosts.config(10), new StoreBytes());
  private final int first = append(1, 0);
  private int published = PostBlocks.NONE;

  public BlockTableGrowthStress() {
    for (int span = 1; span < ROOM - 1; span++) {
      append(9, span);
    }
  }

  /** Opens the block for which there is no room. */
  @Actor
  public void writer() {
    PUBLISHED.setRelease(this, append(2, ROOM));
  }

  /** Looks at the first block and, once it knows the slot, at the new one. */
  @Actor
  public void reader(II_Result seen) {
    seen.r1 = StressPosts.cell(blocks, first, 1);
    int slot = (int) PUBLISHED.getAcquire(this);
    seen.r2 = slot == PostBlocks.NONE ? 0 : StressPosts.cell(blocks, slot, 2);
    if (slot != PostBlocks.NONE && seen.r2 == 0) {
      seen.r2 = LOST;
    }
  }

  private int append(long id, long span) {
    long created = StressPosts.NOW + span * SPAN;
    return blocks.append(StressPosts.original(id, 7, created), 7, created);
  }
}
