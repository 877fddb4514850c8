package io.thunderhead.serving.replay;

import java.util.List;

/**
 * Whether a node should be sent requests. One that is stale should not, yet answers those that
 * come.
 *
 * @param state where the node stands
 * @param answering true once everything was applied that the log held at start, until closed
 * @param stale true while what it serves is older than allowed
 * @param reasons why it is not ready, in words; empty if it is
 */
public record Readiness(ReplayState state, boolean answering, boolean stale, List<String> reasons) {
  public Readiness {
    reasons = List.copyOf(reasons);
  }

  /** True if requests should come here. */
  public boolean ready() {
    return state == ReplayState.SERVING && reasons.isEmpty();
  }
}
