package io.thunderhead.log.read;

import io.thunderhead.log.read.StartOffsets.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader thread: every n-th partition of the topic, polled and handed to the handler. It can be
 * replaced by another at any time, which goes on where the applied offsets stand; what the handler
 * throws ends the thread and is the supervisor's to deal with.
 */
final class PartitionReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LOOK_UP = Duration.ofSeconds(10);

  private final int number;
  private final ReadSettings settings;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final ReplayProgress progress;
  private final EventHandler handler;
  private final ReadMetrics metrics;
  private final CountDownLatch stop = new CountDownLatch(1);

  /** The index is the partition; only this thread touches it. */
  private final Map<Integer, EventBatch> batches = new HashMap<>();

  private final BackOff backOff = new BackOff();
  private PartitionProgress @Nullable [] seen;
  private List<PartitionProgress> mine = List.of();

  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile @Nullable String problem;

  PartitionReader(
      int number,
      ReadSettings settings,
      Supplier<Consumer<byte[], byte[]>> consumers,
      ReplayProgress progress,
      EventHandler handler,
      ReadMetrics metrics) {
    this.number = number;
    this.settings = settings;
    this.consumers = consumers;
    this.progress = progress;
    this.handler = handler;
    this.metrics = metrics;
  }

  @Override
  public void run() {
    try (Consumer<byte[], byte[]> opened = consumers.get()) {
      consumer = opened;
      try {
        while (stop.getCount() > 0) {
          step(opened);
        }
      } catch (InterruptedException | InterruptException e) {
        Thread.currentThread().interrupt();
      } finally {
        consumer = null;
        // An interrupted thread can't wait for the goodbye, and without a group there is none.
        boolean interrupted = Thread.interrupted();
        opened.close(CloseOptions.timeout(Duration.ZERO));
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Makes {@link #run} return soon; any thread. */
  void stop() {
    stop.countDown();
    Consumer<byte[], byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
  }

  /** What keeps this reader from reading, or null. */
  @Nullable String problem() {
    return problem;
  }

  private void step(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    try {
      if (progress.topicMissing()) {
        rest(consumer);
        return;
      }
      takePartitions(consumer);
      if (mine.isEmpty()) {
        // The topic was made again with fewer partitions; Kafka throws at a poll of none.
        stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        return;
      }
      rewind(consumer);
      poll(consumer);
      if (backOff.failing()) {
        LOG.info("Reader {} of {} reads again", number, settings.topic());
      }
      problem = null;
      backOff.reset();
    } catch (WakeupException e) {
      // Only stop() wakes a reader, and the loop asks for it.
    } catch (InterruptException e) {
      throw e;
    } catch (OffsetOutOfRangeException e) {
      recover(consumer, e.offsetOutOfRangePartitions());
    } catch (KafkaException e) {
      failed(e);
    }
  }

  /** Polling a topic that is gone would be a tight loop, and a log line each time round. */
  private void rest(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    if (seen != null) {
      consumer.unsubscribe();
      mine = List.of();
      seen = null;
    }
    problem = "the topic does not exist";
    stop.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("ReferenceEquality") // A new array is how the supervisor tells of a change.
  private void takePartitions(Consumer<byte[], byte[]> consumer) {
    PartitionProgress[] now = progress.current();
    if (now == seen) {
      return;
    }
    List<PartitionProgress> taken = new ArrayList<>();
    for (int partition = number; partition < now.length; partition += settings.threads()) {
      taken.add(now[partition]);
    }
    List<TopicPartition> assignment = taken.stream().map(this::topicPartition).toList();
    List<PartitionProgress> fresh = taken.stream().filter(p -> !mine.contains(p)).toList();
    consumer.assign(assignment);
    // Until all of them are placed `mine` stays as it was, so that a failure repeats the whole.
    place(consumer, fresh);
    mine = taken;
    seen = now;
  }

  private void place(Consumer<byte[], byte[]> consumer, List<PartitionProgress> fresh) {
    StartOffsets offsets = new StartOffsets(consumer, settings);
    List<TopicPartition> unknown = new ArrayList<>();
    List<TopicPartition> added = new ArrayList<>();
    Map<TopicPartition, Long> resumed = new HashMap<>();
    for (PartitionProgress partition : fresh) {
      if (partition.applied() != PartitionProgress.UNKNOWN) {
        consumer.seek(topicPartition(partition), partition.applied());
      } else if (partition.resumed != null) {
        resumed.put(topicPartition(partition), partition.resumed.offset());
      } else {
        (partition.added ? added : unknown).add(topicPartition(partition));
      }
    }
    Map<TopicPartition, Start> starts = new HashMap<>();
    if (!unknown.isEmpty()) {
      starts.putAll(offsets.inWindow(unknown));
    }
    if (!added.isEmpty()) {
      starts.putAll(offsets.atBeginning(added));
    }
    if (!resumed.isEmpty()) {
      starts.putAll(offsets.resumed(resumed));
    }
    for (PartitionProgress partition : fresh) {
      Start start = starts.get(topicPartition(partition));
      if (start == null) {
        continue;
      }
      seek(consumer, partition, start);
      if (start.gapUntilMs() > 0) {
        gap(partition, start.gapUntilMs(), "the log begins only at " + start.startOffset());
      }
      partition.located(start.startOffset(), start.targetOffset(), start.askedMs());
    }
  }

  private void seek(Consumer<byte[], byte[]> consumer, PartitionProgress partition, Start start) {
    TopicPartition topicPartition = topicPartition(partition);
    AppliedOffset resumed = partition.resumed;
    if (resumed != null && resumed.offset() > start.targetOffset()) {
      startedAnew(topicPartition, resumed.offset(), start);
    }
    if (resumed != null
        && resumed.offset() == start.startOffset()
        && resumed.leaderEpoch() >= 0
        && resumed.offset() > 0) {
      // With the epoch the broker can tell whether the log below is still the one that was read.
      consumer.seek(
          topicPartition,
          new OffsetAndMetadata(resumed.offset(), Optional.of(resumed.leaderEpoch()), ""));
    } else {
      consumer.seek(topicPartition, start.startOffset());
    }
  }

  /** Offsets that started anew: the topic was made again, or lost its tail. */
  private void rewind(Consumer<byte[], byte[]> consumer) {
    for (PartitionProgress partition : mine) {
      if (!partition.takeRewind()) {
        continue;
      }
      try {
        rewind(consumer, partition);
      } catch (RuntimeException e) {
        // A topic made again is noticed only once, and this was it.
        partition.requestRewind();
        throw e;
      }
    }
  }

  private void rewind(Consumer<byte[], byte[]> consumer, PartitionProgress partition) {
    TopicPartition topicPartition = topicPartition(partition);
    Start start =
        new StartOffsets(consumer, settings)
            .atBeginning(List.of(topicPartition))
            .get(topicPartition);
    if (start == null) {
      return;
    }
    consumer.seek(topicPartition, start.startOffset());
    startedAnew(topicPartition, partition.applied(), start);
    partition.located(start.startOffset(), start.targetOffset(), start.askedMs());
  }

  private void startedAnew(TopicPartition topicPartition, long applied, Start start) {
    LOG.warn(
        "The offsets of {} started anew: applied up to {}, the log now ends at {}; reading it from"
            + " the beginning",
        topicPartition,
        applied,
        start.targetOffset());
    metrics.rewinds.labelValues(settings.topic()).inc();
  }

  private void recover(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> outOfRange) {
    try {
      for (PartitionProgress partition : mine) {
        Long position = outOfRange.get(topicPartition(partition));
        if (position == null) {
          continue;
        }
        TopicPartition topicPartition = topicPartition(partition);
        Long begin =
            consumer.beginningOffsets(List.of(topicPartition), LOOK_UP).get(topicPartition);
        if (begin == null || position >= begin) {
          rewind(consumer, partition);
        } else {
          consumer.seek(topicPartition, begin);
          partition.applied(begin);
          long untilMs =
              settings.clock().millis() + settings.window().plus(settings.skew()).toMillis();
          gap(
              partition,
              untilMs,
              "retention overtook it at " + position + ", the log begins at " + begin);
        }
      }
    } catch (KafkaException e) {
      // The next poll reports the same partitions again.
      metrics.pollErrors.labelValues(settings.topic(), PollError.of(e).label).inc();
    }
  }

  private void gap(PartitionProgress partition, long untilMs, String why) {
    partition.gapUntil(untilMs);
    metrics.gaps.labelValues(settings.topic()).inc();
    LOG.warn("Events of {} are missing: {}", topicPartition(partition), why);
  }

  private void poll(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    if (records.nextOffsets().isEmpty()) {
      return;
    }
    for (PartitionProgress partition : mine) {
      TopicPartition topicPartition = topicPartition(partition);
      var next = records.nextOffsets().get(topicPartition);
      if (next == null) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> ours = records.records(topicPartition);
      if (!ours.isEmpty()) {
        apply(partition, ours);
      }
      // Beyond the last record when markers of transactions or compacted offsets follow it.
      partition.applied(next.offset(), next.leaderEpoch().orElse(-1));
    }
  }

  private void apply(PartitionProgress partition, List<ConsumerRecord<byte[], byte[]>> records)
      throws InterruptedException {
    EventBatch batch = batches.computeIfAbsent(partition.partition, EventBatch::new);
    handler.apply(partition.partition, batch.wrap(records, partition.target()));
    metrics.appliedRecords.labelValues(settings.topic()).inc(records.size());
    ConsumerRecord<byte[], byte[]> last = records.getLast();
    // A producer's clock says nothing about when a record was logged; the end offsets do.
    if (last.timestampType() == TimestampType.LOG_APPEND_TIME) {
      partition.freshAsOf(last.timestamp());
    }
  }

  private void failed(KafkaException e) throws InterruptedException {
    PollError kind = PollError.of(e);
    metrics.pollErrors.labelValues(settings.topic(), kind.label).inc();
    problem = kind.label + ": " + e.getMessage();
    if (!backOff.failing()) {
      if (kind.needsPerson) {
        LOG.warn("Reader {} of {} can't read, {}", number, settings.topic(), problem);
      } else {
        LOG.info("Reader {} of {} waits, {}", number, settings.topic(), problem);
      }
    }
    stop.await(backOff.nextMs(), TimeUnit.MILLISECONDS);
  }

  private TopicPartition topicPartition(PartitionProgress partition) {
    return new TopicPartition(settings.topic(), partition.partition);
  }
}
