package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A late post makes a new list, which replaces the timeline under a reader. Forbidden: a list that
 * is not filled yet, or a post that was there all the time missing.
 */
@JCStressTest
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "before the late post")
@Outcome(id = "321", expect = Expect.ACCEPTABLE, desc = "with it")
@Outcome(expect = Expect.FORBIDDEN, desc = "a list half filled")
@State
public class TimelineReplaceStress {
  private final AuthorTable authors = new AuthorTable(10, new StoreBytes());
  private final ReaderEpochs.Reader epoch = authors.newReader();
  private final int author = authors.add(7, IdHash.of(7));

  public TimelineReplaceStress() {
    StressPosts.add(authors, author, 1);
    StressPosts.add(authors, author, 3);
  }

  /** Inserts between the two. */
  @Actor
  public void writer() {
    StressPosts.add(authors, author, 2);
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
