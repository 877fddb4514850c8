package io.thunderhead.systemtests.crash;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One thing that goes wrong while events flow, and is put right again.
 *
 * @param code its code in docs/reliability.md
 * @param name what happens
 * @param inShort whether the short form has it
 * @param repeats whether it may repeat events (I2): each partition's last uncommitted batch, at
 *     most
 * @param course does it and undoes it; adds a line for each breach that it sees itself
 */
record Fault(String code, String name, boolean inShort, boolean repeats, Course course) {
  private static final int PARTITIONS = 8;
  private static final int BATCH = 1_000;

  /** What happens, from the first blow to the last repair. */
  @FunctionalInterface
  interface Course {
    void run(Site site, RandomGenerator random, List<String> breaches) throws Exception;
  }

  /** Whether the code is this, or the name contains it. */
  boolean isCalled(String words) {
    return code.equals(words) || name.contains(words);
  }

  int maxDuplicates() {
    return repeats ? PARTITIONS * BATCH : 0;
  }
}
