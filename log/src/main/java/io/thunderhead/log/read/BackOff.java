package io.thunderhead.log.read;

/** Doubling waits between attempts, from 100 ms to 10 s. Not thread-safe. */
final class BackOff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 10_000;

  private long nextMs = FIRST_MS;

  /** How long to wait now; the next wait is longer. */
  long nextMs() {
    long now = nextMs;
    nextMs = Math.min(LONGEST_MS, nextMs * 2);
    return now;
  }

  boolean failing() {
    return nextMs > FIRST_MS;
  }

  /** An attempt succeeded. */
  void reset() {
    nextMs = FIRST_MS;
  }
}
