package io.thunderhead.systemtests.crash;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One thing that goes wrong while events flow, and is put right again.
 *
 * @param code its code in docs/reliability.md
 * @param name what happens
 * @param inShort whether the short form has it
 * @param repeats who may write events twice (I2)
 * @param blows how many faults this is in a row, each of which may repeat as much
 * @param course the fault itself
 */
record Fault(String code, String name, boolean inShort, Repeats repeats, int blows, Course course) {
  private static final int PARTITIONS = 8;
  private static final int BATCH = 1_000;

  /** One blow. */
  Fault(String code, String name, boolean inShort, Repeats repeats, Course course) {
    this(code, name, inShort, repeats, 1, course);
  }

  /** Who may write events twice because of a fault. */
  enum Repeats {
    BY_NOBODY,
    /** Each partition's last uncommitted batch. */
    BY_STAGES,
    /** What the edge had not saved as safe. */
    BY_EDGE,
    BY_ALL;

    boolean stages() {
      return this == BY_STAGES || this == BY_ALL;
    }

    boolean edge() {
      return this == BY_EDGE || this == BY_ALL;
    }
  }

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
    return repeats.stages() ? blows * PARTITIONS * BATCH : 0;
  }

  /** The same for what came through the edge, which the stages may repeat as well. */
  int maxDuplicatesOfEdge() {
    return maxDuplicates() + (repeats.edge() ? blows * Site.EDGE_WINDOW_EVENTS : 0);
  }
}
