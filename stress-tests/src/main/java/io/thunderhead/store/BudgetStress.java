package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The memory budget gives up an author's older post under a reader that reads twice. Forbidden: the
 * post gone and then there again, the newer one missing, either torn, or the older one missing from
 * an answer that does not tell that the window is short.
 */
@JCStressTest
@Outcome(id = "21, 21", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "21, 2", expect = Expect.ACCEPTABLE, desc = "between")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "an answer of no instant")
@State
public class BudgetStress {
  /** The cell of the oldest block, and the block. */
  private static final int STEPS = 2;

  private static final int UNTOLD = -1;

  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();

  public BudgetStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW - 50), StressPosts.NOW);
    store.create(StressPosts.original(2, 7, StressPosts.NOW), StressPosts.NOW);
  }

  /** Makes room for one block. */
  @Actor
  public void writer() {
    store.trim().makeRoom(0, StressPosts.NOW, STEPS);
  }

  /** Reads twice. */
  @Actor
  public void reader(II_Result seen) {
    seen.r1 = read();
    seen.r2 = read();
  }

  private int read() {
    ReadResult result = StressPosts.answer(reader, 7, StressPosts.NOW);
    boolean told = result.windowShort() || result.count() == 2;
    return told ? StressPosts.digest(result, 7) : UNTOLD;
  }
}
