package io.thunderhead.log.write;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A lane's way to Kafka, as an {@link EventHandler} sees it. A record goes to the partition that is
 * named; compression is its topic's. Returns before anything is acknowledged.
 */
public interface RecordSender {
  /** The settings of the producer that this belongs to. */
  ProducerSettings settings();

  /** How many partitions the topic has, not more than a second ago. */
  int partitions(String topic);

  /** Where Kafka's default partitioner puts a key. */
  Destination destination(String topic, byte[] key);

  /**
   * Sends one record.
   *
   * @param key null for a record of many events
   * @param items whose events the record holds, in its order
   */
  void send(
      Destination to,
      byte @Nullable [] key,
      byte[] value,
      List<Header> headers,
      List<? extends QueueItem<?>> items);

  /** Gives up one item whose event no record can hold: it is a dead letter, or failed. */
  void reject(QueueItem<?> item, byte[] event);

  /** Gives up one item that could not be made a record of. */
  void fail(QueueItem<?> item, Exception cause);
}
