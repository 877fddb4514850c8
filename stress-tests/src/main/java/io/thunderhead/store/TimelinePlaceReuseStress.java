package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A list is replaced, and another author's takes its place as soon as readers allow it, under a
 * reader of the first. Forbidden: anything of the second author's.
 */
@JCStressTest
@Outcome(id = "31", expect = Expect.ACCEPTABLE, desc = "before")
@Outcome(
    id = {"1", "3"},
    expect = Expect.ACCEPTABLE,
    desc = "without one that has left")
@Outcome(id = "43", expect = Expect.ACCEPTABLE, desc = "and with one that came")
@Outcome(expect = Expect.FORBIDDEN, desc = "another author's posts")
@State
public class TimelinePlaceReuseStress {
  private final AuthorTable authors = new AuthorTable(10, new StoreBytes());
  private final ReaderEpochs.Reader epoch = authors.newReader();
  private final int author = authors.add(7, IdHash.of(7));
  private final int other = authors.add(8, IdHash.of(8));

  public TimelinePlaceReuseStress() {
    StressPosts.add(authors, author, 1);
    StressPosts.add(authors, author, 3);
    StressPosts.add(authors, other, 5);
  }

  /** Frees a place for two and gives it to the other author, if no reader is there. */
  @Actor
  public void writer() {
    authors.unlink(author, Timelines.ORIGINALS, 3, 3);
    StressPosts.add(authors, author, 3);
    authors.unlink(author, Timelines.ORIGINALS, 1, 1);
    authors.giveBack();
    StressPosts.add(authors, other, 6);
    StressPosts.add(authors, author, 4);
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
