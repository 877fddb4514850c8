package io.thunderhead.log.write;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every item of a producer ends, once: its callback hears of it, whoever waits is told, and
 * its place in the queue is free again. Any thread.
 */
final class Outcomes<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  private final CallbackHandler<T> callback;
  private final boolean watched;
  private final Room room;
  private final ProducerMetrics.One metrics;
  private final AtomicBoolean callbackFailed = new AtomicBoolean();

  Outcomes(CallbackHandler<T> callback, Room room, ProducerMetrics.One metrics) {
    this.callback = callback;
    this.watched = !(callback instanceof NoCallback);
    this.room = room;
    this.metrics = metrics;
  }

  void acknowledged(List<QueueItem<T>> items, RecordMetadata where) {
    metrics.acknowledged(items.size());
    long bytes = 0;
    for (int i = 0; i < items.size(); i++) {
      QueueItem<T> item = items.get(i);
      if (watched) {
        int index = i;
        tell(() ->
            callback.acknowledged(
                item, new EventAddress(where.topic(), where.partition(), where.offset(), index)));
      }
      Acknowledgement done = item.done();
      if (done != null) {
        done.acknowledged();
      }
      bytes += item.weight();
    }
    room.release(items.size(), bytes);
  }

  void enqueued(QueueItem<T> item) {
    if (watched) {
      tell(() -> callback.enqueued(item));
    }
  }

  void deadLettered(QueueItem<T> item) {
    metrics.deadLettered();
    tell(() -> callback.deadLettered(item));
    Acknowledgement done = item.done();
    if (done != null) {
      done.acknowledged();
    }
    room.release(1, item.weight());
  }

  void failed(List<QueueItem<T>> items, Exception cause) {
    for (QueueItem<T> item : items) {
      failed(item, cause);
    }
  }

  void failed(QueueItem<T> item, Exception cause) {
    metrics.failed(cause);
    tell(() -> callback.failed(item, cause));
    Acknowledgement done = item.done();
    if (done != null) {
      done.failed(cause);
    }
    room.release(1, item.weight());
  }

  /** Runs a call-back whose own failure must not become the event's. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      if (callbackFailed.compareAndSet(false, true)) {
        LOG.error("The callback handler failed; it is told of what follows all the same", e);
      }
    }
  }

  /** What a lane does to an item that its event handler left out. */
  static KafkaException leftOut() {
    return new KafkaException("the event handler did not send the item");
  }
}
