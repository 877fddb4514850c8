package io.thunderhead.log.write;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One way from the queue to Kafka: an event handler, its sender, and for async producers a thread.
 * All events of a key take the same lane, one batch after another, so their order holds.
 */
final class Lane<T> implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final LaneQueue<T> queue;
  private final EventHandler<T> handler;
  private final LaneSender<T> sender;
  private final Encoder<T> encoder;
  private final CallbackHandler<T> callback;
  private final Outcomes<T> outcomes;
  private final ReentrantLock atWork = new ReentrantLock();

  /** Written at work, read for the metrics: earlier batches, and since when this one; 0: none. */
  private volatile long busyNanos;

  private volatile long busySinceNanos;

  Lane(
      LaneQueue<T> queue,
      EventHandler<T> handler,
      LaneSender<T> sender,
      Encoder<T> encoder,
      CallbackHandler<T> callback,
      Outcomes<T> outcomes) {
    this.queue = queue;
    this.handler = handler;
    this.sender = sender;
    this.encoder = encoder;
    this.callback = callback;
    this.outcomes = outcomes;
  }

  LaneQueue<T> queue() {
    return queue;
  }

  LaneSender<T> sender() {
    return sender;
  }

  /** A batch that takes for ever counts too, for that is when somebody asks. */
  double busySeconds() {
    long before = busyNanos;
    long since = busySinceNanos;
    return (before + (since == 0 ? 0 : System.nanoTime() - since)) / 1e9;
  }

  /** Works until the queue is closed and empty; an interrupt gives up what is left. */
  @Override
  public void run() {
    try {
      for (List<QueueItem<T>> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
        work(batch);
      }
    } catch (InterruptedException e) {
      queue.close();
      giveUp(queue.rest(), new KafkaException("the producer was closed"));
      Thread.currentThread().interrupt();
    }
  }

  /** Sends one batch; whatever goes wrong, each of its items has or will have an outcome. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock.
  void work(List<QueueItem<T>> batch) {
    atWork.lock();
    long start = System.nanoTime();
    busySinceNanos = start;
    try {
      List<QueueItem<T>> items = beforeSend(batch);
      try {
        handler.handle(items, sender, encoder);
      } catch (RuntimeException e) {
        LOG.error("The event handler failed; what it did not send is given up", e);
        giveUp(items, e);
      }
      giveUp(items, Outcomes.leftOut());
    } finally {
      busySinceNanos = 0;
      busyNanos += System.nanoTime() - start;
      atWork.unlock();
    }
  }

  private void giveUp(List<QueueItem<T>> items, Exception cause) {
    for (QueueItem<T> item : items) {
      if (!item.isHanded()) {
        item.hand();
        outcomes.failed(item, cause);
      }
    }
  }

  private List<QueueItem<T>> beforeSend(List<QueueItem<T>> batch) {
    List<QueueItem<T>> items = new ArrayList<>(batch.size());
    for (QueueItem<T> item : batch) {
      try {
        QueueItem<T> replaced = callback.beforeSend(item);
        if (!replaced.replaces(item)) {
          throw new IllegalStateException("a callback handler must keep an item's key");
        }
        items.add(replaced);
      } catch (RuntimeException e) {
        outcomes.failed(item, e);
      }
    }
    return items;
  }
}
