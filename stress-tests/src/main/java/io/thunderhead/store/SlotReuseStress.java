package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A block leaves and its number is used again while a reader still has a slot of it. Forbidden:
 * bytes of the new post for the old one.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "gone")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the old post, whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "another post in its place")
@State
public class SlotReuseStress {
  private final PostBlocks blocks = new PostBlocks(StressPosts.config(10), new StoreBytes());
  private final PostFields later = StressPosts.original(2, 7, StressPosts.NOW + 1_000);
  private final int slot =
      blocks.append(StressPosts.original(1, 7, StressPosts.NOW), 7, StressPosts.NOW);

  /** Drops the block, and takes its number again once that has rested. */
  @Actor
  public void writer() {
    PostBlock block = blocks.expired(StressPosts.NOW + 500);
    if (block != null) {
      blocks.drop(block, StressPosts.NOW + 500);
    }
    int again = blocks.append(later, 7, StressPosts.NOW + 1_000);
    if (PostBlocks.number(again) != PostBlocks.number(slot)) {
      throw new IllegalStateException("the number was not used again");
    }
  }

  /** Copies the old post, as the end of a read does. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.cell(blocks, slot, 1);
  }
}
