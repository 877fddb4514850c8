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
@Outcome(id = "54321", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(id = "65432", expect = Expect.ACCEPTABLE, desc = "after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a view of no instant")
@State
public class TimelineFullStress {
  private final AuthorTable authors = new AuthorTable(5, new StoreBytes());
  private final ReaderEpochs.Reader epoch = authors.newReader();
  private final int author = authors.add(7, IdHash.of(7));

  public TimelineFullStress() {
    for (long id = 1; id <= 5; id++) {
      StressPosts.add(authors, author, id);
    }
  }

  /** Appends the sixth in place of the first. */
  @Actor
  public void writer() {
    StressPosts.add(authors, author, 6);
  }

  /** Walks. */
  @Actor
  public void reader(I_Result seen) {
    epoch.begin();
    seen.r1 =
        StressPosts.timeline(authors.timelines(), authors.timeline(author, Timelines.ORIGINALS));
    epoch.end();
  }
}
