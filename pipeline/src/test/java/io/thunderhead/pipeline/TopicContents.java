package io.thunderhead.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.v1.Activity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** What topics hold, read with a plain Kafka client. */
public final class TopicContents {
  private final ClientSettings client;

  public TopicContents(ClientSettings client) {
    this.client = client;
  }

  /** Every activity of the topic, partition by partition, in order. */
  public List<Activity> activities(String topic) throws Exception {
    List<Activity> all = new ArrayList<>();
    PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
    for (ConsumerRecord<byte[], byte[]> one : records(topic)) {
      if (one.headers().lastHeader(PackedRecord.HEADER) == null) {
        all.add(Activity.parseFrom(one.value()));
        continue;
      }
      unpacker.wrap(one.value());
      while (unpacker.next()) {
        all.add(Activity.parser().parseFrom(one.value(), unpacker.offset(), unpacker.length()));
      }
    }
    return all;
  }

  /** Every record of the topic, partition by partition, in order. */
  public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(client.consumer("test-reader"))) {
      for (PartitionInfo info : consumer.partitionsFor(topic)) {
        TopicPartition one = new TopicPartition(topic, info.partition());
        consumer.assign(Set.of(one));
        consumer.seekToBeginning(Set.of(one));
        long end = requireNonNull(consumer.endOffsets(Set.of(one)).get(one));
        while (consumer.position(one) < end) {
          all.addAll(consumer.poll(Duration.ofMillis(100)).records(one));
        }
      }
    }
    return all;
  }

  public static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(requireNonNull(letter.headers().lastHeader(name)).value(), UTF_8);
  }
}
