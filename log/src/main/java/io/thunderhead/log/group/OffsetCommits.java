package io.thunderhead.log.group;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is safe, offsets and ledger together. One commit at a time is under way, so that an
 * older one can never overtake a younger; one that fails is simply asked for again. Used by the
 * polling thread alone.
 */
final class OffsetCommits {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, PartitionProgress> progress;
  private final long intervalNanos;
  private final long maxWaitingRecords;
  private final Consumer<@Nullable Exception> onAnswer;

  private boolean underWay;
  private long lastNanos = System.nanoTime();

  /**
   * @param maxWaitingRecords a commit is due at once when it covers as many
   * @param progress the partitions that are ours now; a view
   * @param onAnswer told of each commit, null if it succeeded
   */
  OffsetCommits(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, PartitionProgress> progress,
      Duration interval,
      long maxWaitingRecords,
      Consumer<@Nullable Exception> onAnswer) {
    this.consumer = consumer;
    this.progress = progress;
    this.intervalNanos = interval.toNanos();
    this.maxWaitingRecords = maxWaitingRecords;
    this.onAnswer = onAnswer;
  }

  /** Starts a commit if one is due and says anything new; the answer comes in a later poll. */
  void commitIfDue(long nowNanos) {
    if (underWay || (nowNanos - lastNanos < intervalNanos && !manyWait())) {
      return;
    }
    lastNanos = nowNanos;
    Map<TopicPartition, OffsetAndMetadata> offsets = take(progress, PartitionProgress::toCommit);
    if (!offsets.isEmpty()) {
      underWay = true;
      consumer.commitAsync(
          offsets,
          (_, error) -> {
            underWay = false;
            // Not what the callback is given: with KIP-848 that is null when the commit failed.
            answered(offsets, error);
          });
    }
  }

  private boolean manyWait() {
    long waiting = 0;
    for (PartitionProgress one : progress.values()) {
      waiting += one.committableRecords();
    }
    return waiting > maxWaitingRecords;
  }

  /**
   * Commits these and waits for the answer, but not long; a failure only means repetition. What a
   * commit under way says is said again, for nobody will look at that one's answer.
   */
  void commitNow(Map<TopicPartition, PartitionProgress> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        take(partitions, PartitionProgress::toCommitForSure);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, LIMIT);
      answered(offsets, null);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      answered(offsets, e);
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> take(
      Map<TopicPartition, PartitionProgress> partitions,
      Function<PartitionProgress, @Nullable OffsetAndMetadata> what) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((partition, one) -> {
      OffsetAndMetadata offset = what.apply(one);
      if (offset != null) {
        offsets.put(partition, offset);
        one.requested(offset.offset());
      }
    });
    return offsets;
  }

  private void answered(Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Exception error) {
    offsets.forEach((partition, offset) -> {
      PartitionProgress one = progress.get(partition);
      if (one != null) {
        one.answered(offset.offset(), error == null);
      }
    });
    onAnswer.accept(error);
  }
}
