package io.thunderhead.benchmarks.log;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.read.EventBatch;
import io.thunderhead.log.read.PartitionReaders;
import io.thunderhead.log.read.PartitionState;
import io.thunderhead.log.read.ReadSettings;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.LightPostWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic once, from its first record to its last, in one thread. */
final class Reads {
  private final ClientSettings client;

  Reads(ClientSettings client) {
    this.client = client;
  }

  /**
   * Kafka's client with our settings: records, not events, are counted.
   *
   * @return nanoseconds from the first fetch to the last record
   */
  long bare(String topic, long records) {
    try (var consumer = open()) {
      Set<TopicPartition> partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      partitions.forEach(consumer::position); // Looks up the offsets, as our readers have by then.
      long start = System.nanoTime();
      long read = 0;
      long bytes = 0;
      while (read < records) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofMillis(100));
        for (ConsumerRecord<byte[], byte[]> message : polled) {
          bytes += message.serializedValueSize();
        }
        read += polled.count();
      }
      if (bytes < records) {
        throw new IllegalStateException("records without bytes");
      }
      return System.nanoTime() - start;
    }
  }

  /** How many records the topic has. */
  long endOffsets(String topic) {
    try (var consumer = open()) {
      return consumer.endOffsets(partitions(topic)).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private KafkaConsumer<byte[], byte[]> open() {
    return new KafkaConsumer<>(client.consumer("bench-bare"));
  }

  private static Set<TopicPartition> partitions(String topic) {
    return IntStream.range(0, Events.PARTITIONS)
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .collect(Collectors.toSet());
  }

  /** Our readers, every event in hand: the frame checked, its bytes located. */
  long ours(String topic, long events) throws InterruptedException {
    return ours(topic, events, new Counting(events));
  }

  /** The same, and every event decoded and encoded as the store keeps it. */
  long decoded(String topic, long events) throws InterruptedException {
    return ours(topic, events, new Decoding(events));
  }

  private long ours(String topic, long events, Counting counting) throws InterruptedException {
    ReadSettings settings =
        ReadSettings.of(
            topic, 1, Duration.ofDays(1), Duration.ofMinutes(5), InstantSource.system());
    try (var readers =
        new PartitionReaders(client, settings, counting::apply, new PrometheusRegistry())) {
      readers.start();
      while (!hasBegun(readers)) {
        LockSupport.parkNanos(50_000);
      }
      long start = System.nanoTime();
      counting.done.await();
      if (counting.seen != events) {
        throw new BenchFailedException("read " + counting.seen + " events of " + events);
      }
      return counting.endNs - start;
    }
  }

  /** Whether the reader knows all its offsets, and so fetches from now on. */
  private static boolean hasBegun(PartitionReaders readers) {
    List<PartitionState> partitions = readers.progress().partitions();
    return !partitions.isEmpty() && partitions.stream().allMatch(one -> one.startOffset() >= 0);
  }

  /** Used by the one reader thread. */
  private static class Counting {
    final CountDownLatch done = new CountDownLatch(1);
    private final long wanted;
    private long seen;
    private long bytes;
    private long endNs;

    Counting(long wanted) {
      this.wanted = wanted;
    }

    final void apply(int partition, EventBatch batch) {
      while (batch.next()) {
        seen++;
        bytes += take(batch);
      }
      if (seen >= wanted && bytes > 0) {
        endNs = System.nanoTime();
        done.countDown();
      }
    }

    int take(EventBatch batch) {
      return batch.length();
    }
  }

  private static final class Decoding extends Counting {
    private final InNetworkEventReader event = new InNetworkEventReader();
    private final LightPostWriter light = new LightPostWriter();

    Decoding(long wanted) {
      super(wanted);
    }

    @Override
    int take(EventBatch batch) {
      try {
        event.read(batch.bytes(), batch.offset(), batch.length());
      } catch (MalformedEventException e) {
        throw new IllegalStateException(e);
      }
      light.write(event);
      return light.length();
    }
  }
}
