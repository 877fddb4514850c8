package io.thunderhead.log.read;

/** Doubling waits between attempts, from 100 ms to 10 s. Not thread-safe. */
public final class BackOff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 10_000;

  private long nextMs = FIRST_MS;

  public BackOff() {}

  /** How long to wait now; the next wait is longer. */
  public long nextMs() {
    long now = nextMs;
    nextMs = Math.min(LONGEST_MS, nextMs * 2);
    return now;
  }

  /** Whether an attempt failed since the last that succeeded. */
  public boolean failing() {
    return nextMs > FIRST_MS;
  }

  /** An attempt succeeded. */
  public void reset() {
    nextMs = FIRST_MS;
  }
}
