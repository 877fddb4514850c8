package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * An author's second post arrives under a reader that reads twice. Forbidden: the post seen and
 * then gone, or torn.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "1, 21", expect = Expect.ACCEPTABLE, desc = "between")
@Outcome(id = "21, 21", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "gone again, or torn")
@State
public class CreateUnderReaderStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();
  private final PostFields newer = StressPosts.original(2, 7, StressPosts.NOW);

  public CreateUnderReaderStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW - 1), StressPosts.NOW);
  }

  /** Creates. */
  @Actor
  public void writer() {
    store.create(newer, StressPosts.NOW);
  }

  /** Reads twice. */
  @Actor
  public void reader(II_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
    seen.r2 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
