package io.thunderhead.serving.replay;

/**
 * Whether the answers are too old, with hysteresis: once stale, fresh again only at three quarters
 * of the limit, so that an age around the limit does not flap. Not thread-safe.
 */
final class Staleness {
  private final long limitMs;
  private final long freshMs;
  private boolean stale;

  Staleness(long limitMs) {
    this.limitMs = limitMs;
    this.freshMs = limitMs * 3 / 4;
  }

  boolean update(long ageMs) {
    stale = ageMs > (stale ? freshMs : limitMs);
    return stale;
  }
}
