package io.thunderhead.store;

import java.util.SplittableRandom;

/**
 * Which bits of an id's hash serve which purpose. They must not overlap, or what shares some of
 * them would crowd together.
 *
 * <pre>
 *   63 ..... 48 | 47 ..... 32 | 31 ........ 6 | 5 .. 0
 *    directory  |   segment   |    filter     | unused
 * </pre>
 */
final class IdHash {
  static final int FILTER_BITS = 26;

  /** Another one in each process, so that nobody can choose ids that crowd together. */
  private static final long SEED = new SplittableRandom().nextLong();

  private IdHash() {}

  /** The finalizer of splitmix64: a bijection, so different ids never have equal hashes. */
  static long of(long id) {
    long z = id + SEED;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static int filter(long hash) {
    return (int) (hash >>> 6) & ((1 << FILTER_BITS) - 1);
  }
}
