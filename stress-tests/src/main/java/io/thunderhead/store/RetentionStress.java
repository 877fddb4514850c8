package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Time goes on under a reader: the author's post expires, its block is trimmed, its number used
 * again by the author's next post. Forbidden: an answer with both posts, or with one's bytes for
 * the other (a reader overtaken by retention).
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "the old one has expired")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the old one")
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "the new one")
@Outcome(expect = Expect.FORBIDDEN, desc = "a mixture")
@State
public class RetentionStress {
  private static final long LATER = StressPosts.NOW + 1_000;

  private final PostStore store = new PostStore(StressPosts.config(10));
  private final PostReader reader = store.newReader();
  private final PostFields later = StressPosts.original(2, 7, LATER);

  public RetentionStress() {
    store.create(StressPosts.original(1, 7, StressPosts.NOW), StressPosts.NOW);
  }

  /** Trims everything, waits until numbers have rested, and goes on. */
  @Actor
  public void writer() {
    store.trim(StressPosts.NOW + 500, 100);
    store.create(later, LATER);
  }

  /** Reads by a clock that has stopped. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.read(reader, 7, StressPosts.NOW);
  }
}
