package io.thunderhead.app.scan;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.LogUnavailableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ranges of partitions from one end to the other, outside of any group, and says from time to
 * time how far it is. Only what is committed by its producer is seen. Used by one thread.
 */
public final class TopicScan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicScan.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private long recordsRead;
  private long saidNanos = System.nanoTime();

  public TopicScan(ClientSettings client, String clientId) {
    Properties settings = client.consumer(clientId);
    // What is read is there already; a fetch that waits at a partition's end only holds up the
    // next.
    settings.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");
    consumer = new KafkaConsumer<>(settings);
  }

  /** From the first offset that is still there to the end. */
  public record Range(long beginning, long end) {}

  /** Takes a record. */
  @FunctionalInterface
  public interface RecordVisitor<E extends Exception> {
    void accept(ConsumerRecord<byte[], byte[]> message) throws E;
  }

  /** The names of all topics that there are. */
  public Set<String> topics() {
    return consumer.listTopics().keySet();
  }

  /** What each partition of a topic holds now; empty if there is no such topic. */
  public Map<Integer, Range> ranges(String topic) {
    Map<Integer, Range> ranges = new TreeMap<>();
    // Asking for one topic's partitions by name would wait for a topic that isn't there.
    var partitions = consumer.listTopics().get(topic);
    if (partitions == null) {
      return ranges;
    }
    List<TopicPartition> all =
        partitions.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    for (TopicPartition one : all) {
      ranges.put(
          one.partition(),
          new Range(
              Objects.requireNonNull(beginnings.get(one)), Objects.requireNonNull(ends.get(one))));
    }
    return ranges;
  }

  /**
   * Shows every record of these ranges of a topic, partitions mixed, each in order. They are read
   * together, for every change of what is read costs a round trip.
   *
   * @param ranges by partition; where an end is not behind its beginning there is nothing to read
   * @throws LogUnavailableException if nothing comes any more, or retention deleted it meanwhile
   */
  public <E extends Exception> void records(
      String topic, Map<Integer, Range> ranges, RecordVisitor<E> visitor) throws E {
    Map<TopicPartition, Long> ends = new HashMap<>();
    Map<TopicPartition, Long> starts = new HashMap<>();
    ranges.forEach((partition, range) -> {
      if (range.beginning() < range.end()) {
        ends.put(new TopicPartition(topic, partition), range.end());
        starts.put(new TopicPartition(topic, partition), range.beginning());
      }
    });
    consumer.assign(ends.keySet());
    starts.forEach(consumer::seek);
    long movedNanos = System.nanoTime();
    while (!ends.isEmpty()) {
      ConsumerRecords<byte[], byte[]> records = poll(topic);
      for (ConsumerRecord<byte[], byte[]> message : records) {
        if (message.offset() < ends.getOrDefault(partitionOf(message), 0L)) {
          recordsRead++;
          visitor.accept(message);
        }
      }
      long now = System.nanoTime();
      boolean done = ends.entrySet().removeIf(entry -> isAt(entry.getKey(), entry.getValue()));
      if (done || !records.isEmpty()) {
        movedNanos = now;
      } else if (now - movedNanos > STALL_LIMIT.toNanos()) {
        throw new LogUnavailableException(
            "nothing came of %s for %d s".formatted(ends.keySet(), STALL_LIMIT.toSeconds()));
      }
      sayProgress(topic, ends.size(), now);
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(String topic) {
    try {
      return consumer.poll(POLL);
    } catch (OffsetOutOfRangeException e) {
      throw new LogUnavailableException(
          "retention deleted from " + topic + " while it was read: run it again", e);
    }
  }

  /** A partition that is read to its end is paused, so that the others get the fetches. */
  private boolean isAt(TopicPartition partition, long end) {
    if (consumer.position(partition) < end) {
      return false;
    }
    consumer.pause(Set.of(partition));
    return true;
  }

  private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> message) {
    return new TopicPartition(message.topic(), message.partition());
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void sayProgress(String topic, int partitionsLeft, long now) {
    if (now - saidNanos > PROGRESS_EVERY.toNanos()) {
      saidNanos = now;
      LOG.info("{} records read; {} partitions of {} left", recordsRead, partitionsLeft, topic);
    }
  }
}
