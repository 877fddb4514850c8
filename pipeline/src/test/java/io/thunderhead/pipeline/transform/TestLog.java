package io.thunderhead.pipeline.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.pipeline.TopicContents;
import io.thunderhead.protocol.PackedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;

/** A test's topics, seen with plain Kafka clients. */
final class TestLog implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  final ClientSettings settings;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  TestLog(String bootstrapServers) {
    settings = ClientSettings.of(bootstrapServers);
    admin = Admin.create(settings.admin("test-admin"));
    producer = new KafkaProducer<>(settings.producer("test-producer"));
  }

  /** One event as it stood in the log: its bytes, key and address. */
  record LoggedEvent(ConsumerRecord<byte[], byte[]> origin, int index, ByteString bytes) {}

  /** An input topic with its dead letters, and an output topic. */
  record Route(String input, String output) {
    String deadLetters() {
      return input + ".dead_letters";
    }
  }

  Route route(int inputPartitions, int outputPartitions) throws Exception {
    String name = "events-" + NAMES.incrementAndGet();
    try (TopicAdmin topics = new TopicAdmin(settings)) {
      topics.ensure(TopicAdmin.withDeadLetters(TopicSpec.events(name, inputPartitions, 1)));
      topics.ensure(TopicSpec.events(name + "-out", outputPartitions, 1));
    }
    return new Route(name, name + "-out");
  }

  Route routeWithOutputLimit(int maxMessageBytes) throws Exception {
    String name = "events-" + NAMES.incrementAndGet();
    admin
        .createTopics(
            List.of(
                new NewTopic(name + "-out", Optional.of(1), Optional.empty())
                    .configs(Map.of("max.message.bytes", Integer.toString(maxMessageBytes)))))
        .all()
        .get();
    try (TopicAdmin topics = new TopicAdmin(settings)) {
      topics.ensure(TopicAdmin.withDeadLetters(TopicSpec.events(name, 1, 1)));
    }
    return new Route(name, name + "-out");
  }

  Route routeWithDeadLetterLimit(int maxMessageBytes) throws Exception {
    Route route = route(1, 1);
    setLimit(route.deadLetters(), maxMessageBytes);
    return route;
  }

  /** Sets how large a batch of records the topic takes. */
  void setLimit(String topic, int maxMessageBytes) throws Exception {
    AlterConfigOp limit =
        new AlterConfigOp(
            new ConfigEntry("max.message.bytes", Integer.toString(maxMessageBytes)),
            AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(limit)))
        .all()
        .get();
  }

  void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> one : records) {
      sent.add(producer.send(one));
    }
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
  }

  static ProducerRecord<byte[], byte[]> packed(String topic, byte[] value) {
    ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, value);
    message.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    return message;
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return new TopicContents(settings).records(topic);
  }

  /** Every event of the topic, packed ones unpacked, partition by partition, in order. */
  List<LoggedEvent> events(String topic) throws Exception {
    List<LoggedEvent> events = new ArrayList<>();
    PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
    for (ConsumerRecord<byte[], byte[]> one : records(topic)) {
      if (one.headers().lastHeader(PackedRecord.HEADER) == null) {
        events.add(new LoggedEvent(one, 0, ByteString.copyFrom(one.value())));
        continue;
      }
      unpacker.wrap(one.value());
      while (unpacker.next()) {
        ByteString bytes = ByteString.copyFrom(one.value(), unpacker.offset(), unpacker.length());
        events.add(new LoggedEvent(one, unpacker.index(), bytes));
      }
    }
    return events;
  }

  static String header(ConsumerRecord<byte[], byte[]> origin, String name) {
    Header header = requireNonNull(origin.headers().lastHeader(name));
    return new String(header.value(), UTF_8);
  }

  /** The sum of the ledgers committed for the topic. */
  LedgerCounts ledger(String group, String topic) throws Exception {
    LedgerCounts sum = LedgerCounts.NONE;
    for (Map.Entry<TopicPartition, OffsetAndMetadata> one : committed(group).entrySet()) {
      if (one.getKey().topic().equals(topic)) {
        sum = sum.plus(LedgerCounts.parse(one.getValue().metadata()));
      }
    }
    return sum;
  }

  /** The sum of the committed offsets of the topic. */
  long committedTotal(String group, String topic) throws Exception {
    return committed(group).entrySet().stream()
        .filter(one -> one.getKey().topic().equals(topic))
        .mapToLong(one -> one.getValue().offset())
        .sum();
  }

  Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
    return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }
}
