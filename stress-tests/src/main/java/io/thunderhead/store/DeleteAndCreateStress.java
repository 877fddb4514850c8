package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * A create and a delete of one id race. Forbidden: the post served once both are done, whichever
 * came first.
 */
@JCStressTest
@Outcome(id = "APPLIED, APPLIED, 0", expect = Expect.ACCEPTABLE, desc = "created, then deleted")
@Outcome(id = "DELETED, RECORDED, 0", expect = Expect.ACCEPTABLE, desc = "deleted before it came")
@Outcome(expect = Expect.FORBIDDEN, desc = "a deleted post lives")
@State
public class DeleteAndCreateStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostFields post = StressPosts.original(1, 7, StressPosts.NOW);

  /** Creates. */
  @Actor
  public void creator(LLI_Result seen) {
    seen.r1 = store.create(post, StressPosts.NOW);
  }

  /** Deletes. */
  @Actor
  public void deleter(LLI_Result seen) {
    seen.r2 = store.delete(1, 7, StressPosts.NOW, StressPosts.NOW, StressPosts.NOW);
  }

  /** Looks once both are done. */
  @Arbiter
  public void end(LLI_Result seen) {
    seen.r3 = StressPosts.read(store.newReader(), 7, StressPosts.NOW);
  }
}
