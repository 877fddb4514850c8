package io.thunderhead.log.write;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What both event handlers of ours do: one record for each destination of a batch, or as many as
 * the limits of a record make of it. Nothing stays behind when a batch is done.
 */
final class GroupingByDestination<T> implements EventHandler<T> {
  private final Function<ProducerSettings, Supplier<Frame>> frames;
  private final List<Header> headers;
  private final Map<String, Topic> topics = new HashMap<>();

  /** The topic of the last item; most batches have one only. */
  private @Nullable Topic current;

  GroupingByDestination(
      Function<ProducerSettings, Supplier<Frame>> frames, List<Header> headersOfShared) {
    this.frames = frames;
    this.headers = headersOfShared;
  }

  @Override
  public void handle(List<QueueItem<T>> items, RecordSender sender, Encoder<T> encoder) {
    try {
      current = null;
      for (QueueItem<T> item : items) {
        add(item, sender, encoder);
      }
      topics.values().forEach(topic -> topic.packs.flush());
    } finally {
      // After a failure the producer gives up what it was not handed; it must not come later.
      topics.values().forEach(topic -> topic.packs.abandon());
    }
  }

  private void add(QueueItem<T> item, RecordSender sender, Encoder<T> encoder) {
    byte[] event;
    Topic topic;
    try {
      event = encoder.encode(item.data());
      topic = topic(item.topic(), sender);
    } catch (RuntimeException e) {
      sender.fail(item, e);
      return;
    }
    if (event.length > sender.settings().maxValueBytes()) {
      sender.reject(item, event);
    } else {
      topic.packs.add(item.key(), event, 0, event.length, item);
    }
  }

  private Topic topic(String name, RecordSender sender) {
    Topic topic = current;
    if (topic == null || !topic.name.equals(name)) {
      topic = lookUp(name, sender);
      current = topic;
    }
    return topic;
  }

  private Topic lookUp(String name, RecordSender sender) {
    Topic topic = topics.get(name);
    int partitions = sender.partitions(name);
    if (topic == null) {
      topic = new Topic(name, sender);
      topics.put(name, topic);
    }
    topic.sender = sender;
    topic.packs.grow(partitions);
    return topic;
  }

  private final class Topic implements Packs.Sink<QueueItem<T>> {
    private final String name;
    private final Packs<QueueItem<T>> packs;
    private RecordSender sender;

    Topic(String name, RecordSender sender) {
      this.name = name;
      this.sender = sender;
      ProducerSettings settings = sender.settings();
      packs = new Packs<>(settings.packEvents(), frames.apply(settings), this);
    }

    @Override
    public void holds(QueueItem<T> waiting) {}

    @Override
    public void packed(int partition, byte[] value, List<QueueItem<T>> waiting) {
      sender.send(new Destination(name, partition), null, value, headers, waiting);
    }

    @Override
    public void alone(int partition, byte[] key, byte[] value, QueueItem<T> waiting) {
      sender.send(new Destination(name, partition), key, value, List.of(), List.of(waiting));
    }
  }
}
