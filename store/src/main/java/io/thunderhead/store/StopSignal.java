package io.thunderhead.store;

/**
 * Asked every few dozen authors of a read whether to end it early, for a deadline or a caller that
 * left.
 */
@FunctionalInterface
public interface StopSignal {
  /** Never stops. */
  StopSignal NEVER = () -> false;

  /** True ends the read with what it has; from then on it is not asked again. */
  boolean shouldStop();
}
