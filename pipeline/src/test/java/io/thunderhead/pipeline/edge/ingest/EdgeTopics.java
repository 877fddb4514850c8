package io.thunderhead.pipeline.edge.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.v1.Activity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What an edge wrote, read with plain Kafka clients. */
final class EdgeTopics {
  private final ClientSettings client;

  EdgeTopics(ClientSettings client) {
    this.client = client;
  }

  /** Every activity of the topic, partition by partition, in order. */
  List<Activity> activities(String topic) throws Exception {
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

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(client.consumer("test-reader"))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(each -> consumer.position(each) < requireNonNull(ends.get(each)))) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(requireNonNull(letter.headers().lastHeader(name)).value(), UTF_8);
  }
}
