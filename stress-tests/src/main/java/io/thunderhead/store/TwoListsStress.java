package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * An author writes an original and then a reply, which are on two lists, under a reader of both.
 * Forbidden: the reply without the original, which no instant ever had.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "before both")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "between them")
@Outcome(id = "21", expect = Expect.ACCEPTABLE, desc = "after both")
@Outcome(expect = Expect.FORBIDDEN, desc = "two lists of two instants")
@State
public class TwoListsStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();
  private final PostFields original = StressPosts.original(1, 7, StressPosts.NOW);
  private final PostFields reply = StressPosts.reply(2, 7, 0, 9);

  /** Creates both. */
  @Actor
  public void writer() {
    store.create(original, StressPosts.NOW);
    store.create(reply, StressPosts.NOW);
  }

  /** Reads. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
