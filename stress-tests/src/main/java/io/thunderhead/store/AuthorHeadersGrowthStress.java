package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * The table of authors' headers grows under a reader. Forbidden: an author who was there before not
 * found by number.
 */
@JCStressTest
@Outcome(
    id = {"9, 0", "9, 4097"},
    expect = Expect.ACCEPTABLE,
    desc = "found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while the table grew")
@State
public class AuthorHeadersGrowthStress {
  private static final int ROOM = 16 * 256;

  private final AuthorHeaders headers = new AuthorHeaders(new StoreBytes());

  public AuthorHeadersGrowthStress() {
    for (int i = 0; i < ROOM; i++) {
      headers.add(1L + i);
    }
  }

  /** Adds the author for whom there is no room. */
  @Actor
  public void writer() {
    headers.add(1L + ROOM);
  }

  /** Looks up an old and the new one. */
  @Actor
  public void reader(JJ_Result seen) {
    seen.r1 = headers.id(8);
    seen.r2 = headers.id(ROOM);
  }
}
