package io.thunderhead.serving.feed;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.FixedLimit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import io.grpc.Status;
import io.thunderhead.access.RetryHint;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The permits of the feed. An adaptive limit begins at its bound, so that a burst after quiet is
 * answered, and comes down within a second or two of requests waiting for each other's processor;
 * what it looks at is the time from a permit's taking to its return.
 */
final class Admission {
  /** Means over such windows; a single request says more about its follow list than about load. */
  private static final long WINDOW_MS = 100;

  /**
   * An adaptive limit is never lower, for each processor and in all: callers come in bursts, and so
   * few wait for each other a few milliseconds at most.
   */
  private static final int LEAST_PER_PROCESSOR = 4;

  private static final int LEAST = 8;

  /** The waits that refused callers are told, so that they don't all come back at once. */
  private static final int LEAST_WAIT_MS = 60;

  private static final int WAIT_STEP_MS = 10;
  private static final int WAITS = 9;

  private final SimpleLimiter<@Nullable Void> limiter;
  private final RetryHint[] hints = new RetryHint[WAITS];

  Admission(ConcurrencyLimit kind, int most) {
    limiter = SimpleLimiter.newBuilder().limit(limit(kind, most)).build();
    Status full =
        Status.RESOURCE_EXHAUSTED.withDescription(
            "the node answers as many requests as it can and has no room; try again");
    for (int i = 0; i < WAITS; i++) {
      hints[i] = new RetryHint(full, LEAST_WAIT_MS + (long) i * WAIT_STEP_MS);
    }
  }

  private static Limit limit(ConcurrencyLimit kind, int most) {
    int processors = Runtime.getRuntime().availableProcessors();
    int least = Math.min(most, Math.max(LEAST, LEAST_PER_PROCESSOR * processors));
    return switch (kind) {
      case FIXED -> FixedLimit.of(most);
      case GRADIENT ->
          windowed(
              Gradient2Limit.newBuilder()
                  .initialLimit(most)
                  .minLimit(least)
                  .maxConcurrency(most)
                  .queueSize(LEAST_PER_PROCESSOR)
                  .build());
      case VEGAS ->
          new Floored(
              windowed(VegasLimit.newBuilder().initialLimit(most).maxConcurrency(most).build()),
              least);
    };
  }

  private static Limit windowed(Limit limit) {
    return WindowedLimit.newBuilder()
        .minWindowTime(WINDOW_MS, TimeUnit.MILLISECONDS)
        .maxWindowTime(WINDOW_MS, TimeUnit.MILLISECONDS)
        .build(limit);
  }

  /** A permit, whose end is told to it; null if there is none. */
  Limiter.@Nullable Listener admit() {
    return limiter.acquire(null).orElse(null);
  }

  /** Whether {@link #admit} would find a permit; a look that takes none. */
  boolean full() {
    return limiter.getInflight() >= limiter.getLimit();
  }

  int inFlight() {
    return limiter.getInflight();
  }

  /** Requests that may be answered at once now. */
  int limit() {
    return limiter.getLimit();
  }

  /** What a refused caller is told. */
  RetryHint hint() {
    return hints[ThreadLocalRandom.current().nextInt(WAITS)];
  }

  /** Another limit, but never below a least; Vegas itself can't be told one. */
  private record Floored(Limit limit, int least) implements Limit {
    @Override
    public int getLimit() {
      return Math.max(least, limit.getLimit());
    }

    @Override
    public void notifyOnChange(Consumer<Integer> consumer) {
      limit.notifyOnChange(now -> consumer.accept(Math.max(least, now)));
    }

    @Override
    public void onSample(long startNs, long tookNs, int inFlight, boolean dropped) {
      limit.onSample(startNs, tookNs, inFlight, dropped);
    }
  }
}
