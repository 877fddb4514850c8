package io.thunderhead.log.read;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where reading begins and what it has to reach, per partition. The ends are asked for before the
 * times: a record logged between the two answers lies above the end and is read, not lost.
 */
final class StartOffsets {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final ReadSettings settings;

  StartOffsets(Consumer<byte[], byte[]> consumer, ReadSettings settings) {
    this.consumer = consumer;
    this.settings = settings;
  }

  /**
   * @param startOffset the first offset to read
   * @param targetOffset the end as it was
   * @param askedMs when the end was asked for
   * @param gapUntilMs until when it matters that the log did not reach far enough back; 0 if it did
   */
  record Start(long startOffset, long targetOffset, long askedMs, long gapUntilMs) {}

  /** Starts within the window. */
  Map<TopicPartition, Start> inWindow(Collection<TopicPartition> partitions) {
    long nowMs = settings.clock().millis();
    long windowMs = settings.window().toMillis();
    long skewMs = settings.skew().toMillis();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, TIMEOUT);
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, nowMs - windowMs - skewMs)));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, TIMEOUT);
    Map<TopicPartition, Start> starts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long end = valueOf(ends, partition);
      long begin = valueOf(begins, partition);
      @Nullable OffsetAndTimestamp first = found.get(partition);
      long start = first == null ? end : Math.min(first.offset(), end);
      long gapUntilMs = 0;
      if (begin > 0 && start <= begin) {
        // What was cut off is older than the first record that is left, which may be all of it.
        long oldestMs = first == null ? nowMs : first.timestamp();
        gapUntilMs = oldestMs > nowMs - windowMs ? oldestMs + windowMs + skewMs : 0;
      }
      starts.put(partition, new Start(Math.max(start, begin), end, nowMs, gapUntilMs));
    }
    return starts;
  }

  /**
   * Starts where an earlier process has come to, or within the window if that is further on. A
   * start at the beginning of a log that ends before that offset is not told apart: compare the
   * target.
   */
  Map<TopicPartition, Start> resumed(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, Start> starts = inWindow(offsets.keySet());
    Map<TopicPartition, Long> cut = new HashMap<>();
    offsets.forEach((partition, offset) -> {
      Start window = starts.get(partition);
      if (window == null || offset > window.targetOffset()) {
        cut.put(partition, offset);
      } else if (offset >= window.startOffset()) {
        starts.put(partition, new Start(offset, window.targetOffset(), window.askedMs(), 0));
      }
    });
    if (!cut.isEmpty()) {
      starts.putAll(atBeginning(cut.keySet()));
    }
    return starts;
  }

  /** Starts with whatever there is. */
  Map<TopicPartition, Start> atBeginning(Collection<TopicPartition> partitions) {
    long askedMs = settings.clock().millis();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, TIMEOUT);
    Map<TopicPartition, Start> starts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      starts.put(
          partition, new Start(valueOf(begins, partition), valueOf(ends, partition), askedMs, 0));
    }
    return starts;
  }

  private static long valueOf(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    Long offset = offsets.get(partition);
    if (offset == null) {
      throw new IllegalStateException("the broker did not answer for " + partition);
    }
    return offset;
  }
}
