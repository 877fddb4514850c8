package io.thunderhead.log.write;

import org.apache.kafka.common.KafkaException;

/**
 * There is no room in a producer's queue and its policy is to say so. The event was not taken. The
 * metric {@code thunderhead_producer_thread_seconds} tells which thread can't keep up.
 */
public final class QueueFullException extends KafkaException {
  private static final long serialVersionUID = 1L;

  QueueFullException(String message) {
    super(message);
  }
}
