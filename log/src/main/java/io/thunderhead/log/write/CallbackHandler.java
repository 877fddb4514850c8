package io.thunderhead.log.write;

/**
 * Sees each event at every stage, and may put another in its place before it is enqueued and before
 * it is sent ({@link QueueItem#withData}, {@link QueueItem#withTopic}: the key stays). Set by
 * constructor or by class name ({@code callback.handler}).
 *
 * <p>Called on the thread that is at work: the caller's, the lane's, Kafka's sender. None may wait,
 * and an implementation must be thread-safe. What it throws before a stage fails that event; what
 * it throws afterwards is logged once and changes nothing.
 *
 * @param <T> what the application sends
 */
public interface CallbackHandler<T> {
  /** Watches nothing; the producer then makes no call per event. */
  static <T> CallbackHandler<T> none() {
    return NoCallback.instance();
  }

  /** Before the event takes its place in the queue; the caller's thread. */
  default QueueItem<T> beforeEnqueue(QueueItem<T> item) {
    return item;
  }

  /** The event has its place in the queue; the caller's thread. Not called by sync producers. */
  default void enqueued(QueueItem<T> item) {}

  /** Before the event is handed to the event handler; the lane's thread. */
  default QueueItem<T> beforeSend(QueueItem<T> item) {
    return item;
  }

  /** The event is on every in-sync replica; Kafka's sender thread. */
  default void acknowledged(QueueItem<T> item, EventAddress address) {}

  /** The event is too large for any record and is kept as a dead letter; Kafka's sender thread. */
  default void deadLettered(QueueItem<T> item) {}

  /** The event was given up; any thread. */
  default void failed(QueueItem<T> item, Exception cause) {}
}
