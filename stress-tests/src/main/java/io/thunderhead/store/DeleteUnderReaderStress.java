package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A post is deleted under a reader that reads twice. Forbidden: gone and then there again. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "between")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "back from the dead, or torn")
@State
public class DeleteUnderReaderStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();

  public DeleteUnderReaderStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW), StressPosts.NOW);
  }

  /** Deletes. */
  @Actor
  public void writer() {
    store.delete(1, 7, StressPosts.NOW, StressPosts.NOW, StressPosts.NOW);
  }

  /** Reads twice. */
  @Actor
  public void reader(II_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
    seen.r2 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
