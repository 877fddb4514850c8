package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A full timeline takes a newer post and drops its oldest, in place, under a reader. Forbidden:
 * both the new and the dropped one in one view, or neither.
 */
@JCStressTest
@Outcome(id = "21", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "32", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a view of no instant")
@State
public class TimelineFullStress {
  private final long[] timeline =
      StressPosts.add(StressPosts.add(new long[1 + 3 * 2], 1, false), 2, false);

  /** Appends the third in place of the first. */
  @Actor
  public void writer() {
    StressPosts.add(timeline, 3, true);
  }

  /** Walks. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.timeline(timeline);
  }
}
