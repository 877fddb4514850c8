package io.thunderhead.pipeline.edge.firehose;

import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Says how long to wait after each failure in a row. Used by one thread. */
public final class BackOff {
  private static final int MAX_DOUBLINGS = 20;

  private final ReconnectRules rules;
  private final RandomGenerator random;
  private int failures;

  public BackOff(ReconnectRules rules, RandomGenerator random) {
    this.rules = rules;
    this.random = random;
  }

  /** The wait after one more failure. */
  public Duration after(IOException failure) {
    if (failure instanceof RetryLaterException later) {
      Duration asked = later.retryAfter();
      if (asked != null) {
        failures++;
        return asked.compareTo(rules.longestRetryAfter()) > 0 ? rules.longestRetryAfter() : asked;
      }
      return next(
          switch (later.kind()) {
            case SERVER_ERROR -> rules.server();
            case RATE_LIMITED -> rules.rateLimited();
          });
    }
    return next(rules.network());
  }

  /** A record came. */
  public void reset() {
    failures = 0;
  }

  /** From half of the doubled wait to all of it. */
  private Duration next(ReconnectRules.Wait wait) {
    long doubled = wait.first().toMillis() << Math.min(failures, MAX_DOUBLINGS);
    failures++;
    long longest = Math.max(1, Math.min(wait.longest().toMillis(), doubled));
    return Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
  }
}
