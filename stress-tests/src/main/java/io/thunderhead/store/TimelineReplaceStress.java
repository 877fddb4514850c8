package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A late post makes a new array, which replaces the timeline under a reader. Forbidden: an array
 * that is not filled yet, or a post that was there all the time missing.
 */
@JCStressTest
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "before the late post")
@Outcome(id = "321", expect = Expect.ACCEPTABLE, desc = "with it")
@Outcome(expect = Expect.FORBIDDEN, desc = "an array half filled")
@State
public class TimelineReplaceStress {
  private final Author author = new Author(1, 1);

  public TimelineReplaceStress() {
    author.originals = StressPosts.add(StressPosts.add(new long[1 + 4 * 2], 1, false), 3, false);
  }

  /** Inserts between the two. */
  @Actor
  public void writer() {
    author.setTimeline(Author.ORIGINALS, StressPosts.add(author.originals, 2, false));
  }

  /** Walks. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.timeline(author.originals);
  }
}
