package io.thunderhead.app.firehose;

/**
 * SplitMix64 by the book: the same seed gives the same numbers on every machine and in every
 * version of Java, which the library's generators don't promise.
 */
final class RandomBits {
  private long state;

  RandomBits(long seed) {
    state = seed;
  }

  long nextLong() {
    state += 0x9e3779b97f4a7c15L;
    return mix(state);
  }

  /** A number from 0 to below {@code bound}; the bias of so small bounds is of no matter here. */
  int nextInt(int bound) {
    return (int) ((nextLong() >>> 33) % bound);
  }

  double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
