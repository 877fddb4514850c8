package io.thunderhead.serving.feed;

import org.jspecify.annotations.Nullable;

/** Whatever a test says. */
final class FixedFreshness implements Freshness {
  volatile @Nullable String unavailable;
  volatile boolean stale;
  volatile boolean gap;
  volatile long asOfMs = 1_234_567;

  @Override
  public @Nullable String unavailable() {
    return unavailable;
  }

  @Override
  public boolean stale() {
    return stale;
  }

  @Override
  public boolean gap() {
    return gap;
  }

  @Override
  public long asOfMs() {
    return asOfMs;
  }
}
