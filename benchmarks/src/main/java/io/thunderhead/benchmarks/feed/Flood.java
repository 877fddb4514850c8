package io.thunderhead.benchmarks.feed;

import io.grpc.Status;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** What came of the calls of one phase. Not thread-safe. */
final class Flood {
  /** As long as goodput is looked at for. */
  static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(250);

  private final long durationNs;
  private final Latencies answered = new Latencies();
  private final Latencies refused = new Latencies();
  private final int[] answeredIn;
  private final int[] refusedIn;
  private long begun;
  private long unsent;
  private long failed;

  Flood(long durationNs) {
    this.durationNs = durationNs;
    this.answeredIn = new int[(int) (durationNs / WINDOW_NS) + 1];
    this.refusedIn = new int[answeredIn.length];
  }

  void begin() {
    begun++;
  }

  void unsent() {
    unsent++;
  }

  void end(Status.Code code, long atNs, long tookNs) {
    int window = (int) (atNs / WINDOW_NS);
    boolean counts = window < answeredIn.length - 1;
    switch (code) {
      case OK -> {
        answered.add(tookNs);
        answeredIn[counts ? window : answeredIn.length - 1]++;
      }
      case RESOURCE_EXHAUSTED -> {
        refused.add(tookNs);
        refusedIn[counts ? window : answeredIn.length - 1]++;
      }
      default -> failed++;
    }
  }

  long begun() {
    return begun;
  }

  /** Calls that ended in neither of the two ways. */
  long failed() {
    return failed;
  }

  long refusedCount() {
    return refused.count;
  }

  double offeredPerSecond() {
    return (begun + unsent) / (durationNs / 1e9);
  }

  /** Calls that the callers could not even begin: their own limit. */
  double unsentShare() {
    return begun + unsent == 0 ? 0 : (double) unsent / (begun + unsent);
  }

  /** Answers a second while the phase lasted. */
  double goodput() {
    int whole = answeredIn.length - 1;
    return Arrays.stream(answeredIn, 0, whole).sum() / (whole * (WINDOW_NS / 1e9));
  }

  double answeredMs(double share) {
    return answered.ms(share);
  }

  double refusedMs(double share) {
    return refused.ms(share);
  }

  /**
   * Seconds until no more than one call in a hundred is refused and the goodput stays within a
   * tenth of another.
   */
  double recoverySeconds(double goodput) {
    double least = 0.9 * goodput * (WINDOW_NS / 1e9);
    int last = answeredIn.length - 2;
    while (last >= 0 && 100 * refusedIn[last] <= answeredIn[last] && answeredIn[last] >= least) {
      last--;
    }
    return (last + 1) * (WINDOW_NS / 1e9);
  }

  private static final class Latencies {
    private long[] ns = new long[1 << 14];
    private int count;
    private boolean sorted;

    void add(long tookNs) {
      if (count == ns.length) {
        ns = Arrays.copyOf(ns, 2 * count);
      }
      ns[count++] = tookNs;
      sorted = false;
    }

    double ms(double share) {
      if (!sorted) {
        Arrays.sort(ns, 0, count);
        sorted = true;
      }
      return count == 0 ? 0 : ns[(int) Math.min(count - 1L, (long) (count * share))] / 1e6;
    }
  }
}
