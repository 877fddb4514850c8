package io.thunderhead.pipeline.edge.firehose;

import java.time.Duration;

/**
 * How long to wait before connecting again: doubling from the first to the longest wait of the
 * reason, each with jitter, so that many edges don't come back at once.
 *
 * @param network the connection broke, ended, stalled, or could not be made
 * @param server the publisher answered with an error of its own
 * @param rateLimited the publisher was asked too often, and did not say how long to wait
 * @param longestRetryAfter what a publisher may ask us to wait at most
 */
public record ReconnectRules(
    Wait network, Wait server, Wait rateLimited, Duration longestRetryAfter) {

  /** A first and a longest wait. */
  public record Wait(Duration first, Duration longest) {}

  public static ReconnectRules defaults() {
    return new ReconnectRules(
        new Wait(Duration.ofMillis(250), Duration.ofSeconds(16)),
        new Wait(Duration.ofSeconds(1), Duration.ofSeconds(60)),
        new Wait(Duration.ofSeconds(60), Duration.ofMinutes(15)),
        Duration.ofMinutes(15));
  }
}
