package io.thunderhead.serving.feed;

import org.jspecify.annotations.Nullable;

/**
 * What the service has to know about the state of the store it answers from. Asked per request, so
 * it must be quick and must not block.
 */
public interface Freshness {
  /** Why nothing can be answered yet, in words for the caller; null once it can. */
  @Nullable String unavailable();

  /** True while answers are older than allowed. */
  boolean stale();

  /** True while events are missing that the log no longer had. */
  boolean gap();

  /** Everything logged before this is in the store; UNIX milliseconds. */
  long asOfMs();
}
