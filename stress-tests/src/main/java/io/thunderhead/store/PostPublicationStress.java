package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A post is written to its block and then to the index, under a reader that asks the index.
 * Forbidden: its slot found while its cell is not whole (half-published).
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "not there yet")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "half-published")
@State
public class PostPublicationStress {
  private static final int LOST = -1;

  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostFields post = StressPosts.original(1, 7, StressPosts.NOW);

  /** Publishes. */
  @Actor
  public void writer() {
    store.create(post, StressPosts.NOW);
  }

  /** Looks the post up. */
  @Actor
  public void reader(I_Result seen) {
    int slot = store.index().find(1);
    seen.r1 = slot == PostBlocks.NONE ? 0 : StressPosts.cell(store.blocks(), slot, 1);
    if (slot != PostBlocks.NONE && seen.r1 == 0) {
      seen.r1 = LOST;
    }
  }
}
