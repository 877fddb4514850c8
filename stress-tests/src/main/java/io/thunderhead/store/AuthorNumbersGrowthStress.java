package io.thunderhead.store;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * The table of author numbers grows by a chunk under a reader. Forbidden: an author who was there
 * before not found by number.
 */
@JCStressTest
@Outcome(
    id = {"9, 0", "9, 1025"},
    expect = Expect.ACCEPTABLE,
    desc = "found")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost while the table grew")
@State
public class AuthorNumbersGrowthStress {
  private static final int CHUNK = 1024;

  private final AuthorNumbers numbers = new AuthorNumbers(new StoreBytes());

  public AuthorNumbersGrowthStress() {
    for (int i = 0; i < CHUNK; i++) {
      numbers.add(1L + i);
    }
  }

  /** Adds the author for whom there is no room. */
  @Actor
  public void writer() {
    numbers.add(1L + CHUNK);
  }

  /** Looks up an old and the new one. */
  @Actor
  public void reader(JJ_Result seen) {
    Author old = numbers.get(8);
    Author added = numbers.get(CHUNK);
    seen.r1 = old == null ? 0 : old.id;
    seen.r2 = added == null ? 0 : added.id;
  }
}
