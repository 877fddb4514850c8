package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLI_Result;

/**
 * Two creates of one id race, as two partitions may bring them. Forbidden: both applied, or
 * neither, or the post twice in the answer.
 */
@JCStressTest
@Outcome(
    id = {"APPLIED, DUPLICATE, 1", "DUPLICATE, APPLIED, 1"},
    expect = Expect.ACCEPTABLE,
    desc = "one of them")
@Outcome(expect = Expect.FORBIDDEN, desc = "both or none")
@State
public class DuplicateCreateStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostFields one = StressPosts.original(1, 7, StressPosts.NOW);
  private final PostFields other = StressPosts.original(1, 7, StressPosts.NOW);

  /** Creates. */
  @Actor
  public void first(LLI_Result seen) {
    seen.r1 = store.create(one, StressPosts.NOW);
  }

  /** Creates the same. */
  @Actor
  public void second(LLI_Result seen) {
    seen.r2 = store.create(other, StressPosts.NOW);
  }

  /** Looks once both are done. */
  @Arbiter
  public void end(LLI_Result seen) {
    seen.r3 = StressPosts.read(store.newReader(), 7, StressPosts.NOW);
  }
}
