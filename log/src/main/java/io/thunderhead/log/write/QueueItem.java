package io.thunderhead.log.write;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way: where it is to go, and who waits for it. Immutable to everyone outside; a
 * replacement keeps the key, which its lane was chosen by, and whoever waits.
 */
public final class QueueItem<T> {
  private final String topic;
  private final byte[] key;
  private final T data;
  private final @Nullable Acknowledgement done;

  /** What it takes of the queue's bytes; set once, by the thread that enqueues it. */
  private int weight;

  /** Whether its outcome is somebody's care by now; the lane's own. */
  private boolean handed;

  /** Whether its outcome is known; set only on the way to the dead letters. */
  private volatile boolean settled;

  /**
   * An event for a topic.
   *
   * @param key what the order of events is kept by; not changed after
   */
  public QueueItem(String topic, byte[] key, T data) {
    this(topic, key, data, null);
  }

  /**
   * An event that somebody waits for.
   *
   * @param done retained while the event is under way
   */
  public QueueItem(String topic, byte[] key, T data, @Nullable Acknowledgement done) {
    this.topic = requireNonNull(topic, "topic");
    this.key = requireNonNull(key, "key");
    this.data = requireNonNull(data, "data");
    this.done = done;
  }

  public String topic() {
    return topic;
  }

  public byte[] key() {
    return key;
  }

  public T data() {
    return data;
  }

  /** The same, with other content. */
  public QueueItem<T> withData(T other) {
    QueueItem<T> item = new QueueItem<>(topic, key, other, done);
    item.weight = weight;
    return item;
  }

  /** The same content for another topic. */
  public QueueItem<T> withTopic(String other) {
    QueueItem<T> item = new QueueItem<>(other, key, data, done);
    item.weight = weight;
    return item;
  }

  /** True if this may stand in for {@code original}. */
  @SuppressWarnings("ReferenceEquality") // The very same one waits.
  boolean replaces(QueueItem<T> original) {
    return this == original || (done == original.done && Arrays.equals(key, original.key));
  }

  @Nullable Acknowledgement done() {
    return done;
  }

  int weight() {
    return weight;
  }

  void weighs(int bytes) {
    weight = bytes;
  }

  boolean isHanded() {
    return handed;
  }

  void hand() {
    if (handed) {
      throw new IllegalStateException("the event handler has sent this item before");
    }
    handed = true;
  }

  boolean isSettled() {
    return settled;
  }

  void settle() {
    settled = true;
  }
}
