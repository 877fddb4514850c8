package io.thunderhead.app.audit;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.LogUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ranges of partitions from one end to the other, outside of any group, and says from time to
 * time how far it is. Only what is committed by its producer is seen. Used by one thread.
 */
final class TopicScan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicScan.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration STALL_LIMIT = Duration.ofSeconds(60);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private long recordsRead;
  private long saidNanos = System.nanoTime();

  TopicScan(ClientSettings client) {
    consumer = new KafkaConsumer<>(client.consumer("thunderhead-audit"));
  }

  /** From the first offset that is still there to the end. */
  record Range(long beginning, long end) {}

  /** Takes a record. */
  @FunctionalInterface
  interface RecordVisitor {
    void accept(ConsumerRecord<byte[], byte[]> message) throws LongSet.FullException;
  }

  /** What each partition of a topic holds now; empty if there is no such topic. */
  Map<Integer, Range> ranges(String topic) {
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
   * Shows every record of the offsets from {@code from} to before {@code to}.
   *
   * @throws LogUnavailableException if nothing comes any more, or retention deleted it meanwhile
   */
  void records(TopicPartition partition, long from, long to, RecordVisitor visitor)
      throws LongSet.FullException {
    if (from >= to) {
      return;
    }
    consumer.assign(Set.of(partition));
    consumer.seek(partition, from);
    long movedNanos = System.nanoTime();
    long position = from;
    while (position < to) {
      try {
        for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL).records(partition)) {
          if (message.offset() < to) {
            recordsRead++;
            visitor.accept(message);
          }
        }
      } catch (OffsetOutOfRangeException e) {
        throw new LogUnavailableException(
            "retention deleted " + partition + " while it was read: run the audit again", e);
      }
      long now = System.nanoTime();
      if (consumer.position(partition) > position) {
        position = consumer.position(partition);
        movedNanos = now;
      } else if (now - movedNanos > STALL_LIMIT.toNanos()) {
        throw new LogUnavailableException(
            "nothing came of %s from offset %d on for %d s"
                .formatted(partition, position, STALL_LIMIT.toSeconds()));
      }
      sayProgress(partition, position, to, now);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void sayProgress(TopicPartition partition, long position, long to, long now) {
    if (now - saidNanos > PROGRESS_EVERY.toNanos()) {
      saidNanos = now;
      LOG.info("{} records read; {} at {} of {}", recordsRead, partition, position, to);
    }
  }
}
