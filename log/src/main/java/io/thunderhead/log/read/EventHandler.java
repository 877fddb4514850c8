package io.thunderhead.log.read;

/**
 * What is done with the events of a topic. A call is made on the reader's own thread, in order per
 * partition; events count as applied once it returns, and come again if it throws.
 */
@FunctionalInterface
public interface EventHandler {
  /**
   * Applies all events of {@code batch}, which is valid until this returns.
   *
   * @throws InterruptedException if the reader is being stopped
   */
  void apply(int partition, EventBatch batch) throws InterruptedException;
}
