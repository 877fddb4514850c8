package io.thunderhead.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * The bounds on what one input may cost: 50 ms of processor time, and memory in proportion to its
 * size. Classes that load and code that is compiled cost as well, so that an input that exceeds a
 * bound is tried again, and its cheapest try counts.
 */
public final class Bounds {
  private static final long MOST_NANOS = Duration.ofMillis(50).toNanos();
  private static final int TRIES = 4;
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long freeBytes;
  private final long bytesPerByte;

  /**
   * Bounds for one kind of input.
   *
   * @param freeBytes what any input may allocate
   * @param bytesPerByte what it may allocate beyond that for each of its bytes
   */
  public Bounds(long freeBytes, long bytesPerByte) {
    this.freeBytes = freeBytes;
    this.bytesPerByte = bytesPerByte;
  }

  /** Something that is done with one input. */
  @FunctionalInterface
  public interface Step {
    void run() throws Exception;
  }

  /** Does it, and fails if it costs too much. */
  public void hold(byte[] input, Step step) throws Exception {
    long leastNanos = Long.MAX_VALUE;
    long leastBytes = Long.MAX_VALUE;
    long mostBytes = freeBytes + bytesPerByte * input.length;
    for (int i = 0; i < TRIES; i++) {
      long bytes = THREAD.getCurrentThreadAllocatedBytes();
      long nanos = THREAD.getCurrentThreadCpuTime();
      step.run();
      leastNanos = Math.min(leastNanos, THREAD.getCurrentThreadCpuTime() - nanos);
      leastBytes = Math.min(leastBytes, THREAD.getCurrentThreadAllocatedBytes() - bytes);
      if (leastNanos <= MOST_NANOS && leastBytes <= mostBytes) {
        return;
      }
    }
    throw new AssertionError(
        "%d bytes took %d µs and %d bytes of memory, of which %d are allowed"
            .formatted(input.length, leastNanos / 1_000, leastBytes, mostBytes));
  }

  /** Fails unless two readings are the same. */
  static void same(String what, long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError("%s: %d became %d".formatted(what, expected, actual));
    }
  }

  static void same(String what, boolean expected, boolean actual) {
    same(what, expected ? 1 : 0, actual ? 1 : 0);
  }
}
