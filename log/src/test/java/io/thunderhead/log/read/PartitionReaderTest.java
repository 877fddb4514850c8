package io.thunderhead.log.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a broker can hardly be made to do at the right moment, on Kafka's own stand-in. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class PartitionReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

  @Test
  void rewind_brokerDoesNotAnswerTheFirstTime_isNotForgotten() throws InterruptedException {
    ReadSettings settings =
        ReadSettings.of("topic", 1, Duration.ofHours(1), Duration.ZERO, InstantSource.system());
    ReplayProgress progress = new ReplayProgress("topic", InstantSource.system());
    PartitionProgress partition = new PartitionProgress(0, false, 0);
    partition.located(0, 2, 0);
    partition.applied(2);
    partition.requestRewind();
    progress.replace(new PartitionProgress[] {partition});

    // The topic was made again and is longer than what was applied of the old one.
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 3L));
    consumer.schedulePollTask(() -> List.of(0, 1, 2).forEach(i -> consumer.addRecord(event(i))));
    consumer.setOffsetsException(new TimeoutException("planted"));

    BlockingQueue<Long> applied = new LinkedBlockingQueue<>();
    PartitionReader reader =
        new PartitionReader(
            0,
            settings,
            () -> consumer,
            progress,
            (number, batch) -> {
              while (batch.next()) {
                applied.add(batch.recordOffset());
              }
            },
            new ReadMetrics("topic", progress, InstantSource.system(), new PrometheusRegistry()));
    Thread thread = Thread.ofPlatform().start(reader);
    try {
      assertThat(applied.poll(10, TimeUnit.SECONDS)).isZero();
    } finally {
      reader.stop();
      thread.join();
    }
  }

  private static ConsumerRecord<byte[], byte[]> event(int offset) {
    return new ConsumerRecord<>("topic", 0, offset, new byte[0], new byte[] {1});
  }
}
