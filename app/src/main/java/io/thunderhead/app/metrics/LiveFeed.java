package io.thunderhead.app.metrics;

/** Messages of which only the newest counts, for however many look. */
public interface LiveFeed {
  /**
   * One message.
   *
   * @param sequence counts up from 1
   */
  record Message(long sequence, String json) {}

  /** Waits for a message newer than the given sequence; once closed, returns the last at once. */
  Message next(long sequence) throws InterruptedException;
}
