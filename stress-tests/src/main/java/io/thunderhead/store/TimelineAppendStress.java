package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A newer post is appended in place while a reader walks the timeline. Forbidden: an entry within
 * the view of which only a part is there.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "before the append")
@Outcome(id = "21", expect = Expect.ACCEPTABLE, desc = "after it")
@Outcome(expect = Expect.FORBIDDEN, desc = "half an entry")
@State
public class TimelineAppendStress {
  private final long[] timeline = StressPosts.add(new long[1 + 2 * 2], 1, false);

  /** Appends. */
  @Actor
  public void writer() {
    StressPosts.add(timeline, 2, false);
  }

  /** Walks. */
  @Actor
  public void reader(I_Result seen) {
    seen.r1 = StressPosts.timeline(timeline);
  }
}
