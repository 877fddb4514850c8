package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A post that has a reply is deleted under a reader that asks for the reply twice and for the
 * parent between. Forbidden: the reply gone and then there again, or still there when its parent is
 * gone.
 */
@JCStressTest
@Outcome(id = "2, 1, 2", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(
    id = {"2, 1, 0", "2, 0, 0"},
    expect = Expect.ACCEPTABLE,
    desc = "between")
@Outcome(
    id = {"0, 1, 0", "0, 0, 0"},
    expect = Expect.ACCEPTABLE,
    desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a reply back from the dead, or to nothing")
@State
public class DeletedParentStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();

  public DeletedParentStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW), StressPosts.NOW);
    store.create(StressPosts.reply(2, 8, 1, 7), StressPosts.NOW);
  }

  /** Deletes the parent. */
  @Actor
  public void writer() {
    store.delete(1, 7, StressPosts.NOW, StressPosts.NOW, StressPosts.NOW);
  }

  /** Reads reply, parent, reply. */
  @Actor
  public void reader(III_Result seen) {
    seen.r1 = StressPosts.read(reader, 8, StressPosts.NOW);
    seen.r2 = StressPosts.read(reader, 7, StressPosts.NOW);
    seen.r3 = StressPosts.read(reader, 8, StressPosts.NOW);
  }
}
