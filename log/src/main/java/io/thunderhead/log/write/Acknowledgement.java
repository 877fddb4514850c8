package io.thunderhead.log.write;

/**
 * What is told when everything written for one piece of input is safe. It counts: each {@link
 * #retain} is answered by exactly one {@link #acknowledged} or {@link #failed}, on any thread, and
 * the piece is done when the count is back at zero.
 */
public interface Acknowledgement {
  /** One more write is under way; called by the writing thread before it starts. */
  void retain();

  /** A write is in the log on every in-sync replica. */
  void acknowledged();

  /** A write failed for good: what it was written for must not count as handled. */
  void failed(Exception cause);
}
