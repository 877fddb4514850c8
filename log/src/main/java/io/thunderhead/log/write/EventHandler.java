package io.thunderhead.log.write;

import java.util.List;

/**
 * Makes Kafka records of a batch of events. A user's own takes the place of ours through {@link
 * EventProducer}'s constructor or by class name ({@code event.handler}, with a constructor without
 * parameters). Each lane has one of its own and calls it on one thread at a time.
 *
 * <p>Every item must be handed to the sender once, in a record or as {@link RecordSender#reject
 * rejected}, before {@link #handle} returns; one that is left out, or not reached because of an
 * exception, counts as failed. Items of a key come in order and must be sent in order.
 *
 * @param <T> what the application sends
 */
@FunctionalInterface
public interface EventHandler<T> {
  /**
   * Sends the batch.
   *
   * @param sender hands records to Kafka; knows the topics and the producer's settings
   */
  void handle(List<QueueItem<T>> items, RecordSender sender, Encoder<T> encoder);
}
