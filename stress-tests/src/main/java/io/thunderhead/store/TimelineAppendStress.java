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
@Outcome(id = "54321", expect = Expect.ACCEPTABLE, desc = "before the append")
@Outcome(id = "654321", expect = Expect.ACCEPTABLE, desc = "after it")
@Outcome(expect = Expect.FORBIDDEN, desc = "half an entry")
@State
public class TimelineAppendStress {
  private final AuthorTable authors = new AuthorTable(10, new StoreBytes());
  private final ReaderEpochs.Reader epoch = authors.newReader();
  private final int author = authors.add(7, IdHash.of(7));

  public TimelineAppendStress() {
    // The fifth makes a list that has room for a sixth.
    for (long id = 1; id <= 5; id++) {
      StressPosts.add(authors, author, id);
    }
  }

  /** Appends. */
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
