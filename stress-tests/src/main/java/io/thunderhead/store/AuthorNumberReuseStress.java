package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * An author's only post is deleted, and the next author gets the number, under a reader of the
 * first. Forbidden: the second author's post in the first one's answer.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "gone")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the post")
@Outcome(expect = Expect.FORBIDDEN, desc = "another author's post")
@State
public class AuthorNumberReuseStress {
  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();
  private final PostFields next = StressPosts.original(2, 8, StressPosts.NOW);

  public AuthorNumberReuseStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW), StressPosts.NOW);
    // Somebody stays, so that the numbers do not begin anew.
    store.create(StressPosts.original(9, 9, StressPosts.NOW), StressPosts.NOW);
  }

  /** Lets one author go and the other come. */
  @Actor
  public void writer() {
    store.delete(1, 7, StressPosts.NOW, StressPosts.NOW, StressPosts.NOW);
    store.authors().giveBack();
    store.create(next, StressPosts.NOW);
  }

  /** Reads the first author. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
