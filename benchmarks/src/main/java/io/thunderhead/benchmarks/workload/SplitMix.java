package io.thunderhead.benchmarks.workload;

/** splitmix64. The same seed gives the same numbers in any language with 64-bit arithmetic. */
public final class SplitMix {
  private long state;

  public SplitMix(long seed) {
    state = seed;
  }

  /** The finalizer alone: a bijection of 64 bits. */
  public static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  public long next() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  /** Uniform in [0, 1), 53 bits. */
  double share() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** An author by popularity: index 0 is drawn most. */
  int author(int authors) {
    double u = share();
    return (int) (authors * (u * u * u));
  }

  /** Uniform below the bound, by unsigned remainder. */
  int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }
}
