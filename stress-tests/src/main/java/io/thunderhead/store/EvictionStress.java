package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A full list pushes out its oldest post under a reader. Forbidden: neither of the two, both, or
 * one of them torn.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "an answer of no instant")
@State
public class EvictionStress {
  private final PostStore store = new PostStore(StressPosts.config(1));
  private final PostReader reader = store.newReader();
  private final PostFields newer = StressPosts.original(2, 7, StressPosts.NOW);

  public EvictionStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW), StressPosts.NOW);
  }

  /** Pushes out the first. */
  @Actor
  public void writer() {
    store.create(newer, StressPosts.NOW);
  }

  /** Reads. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
