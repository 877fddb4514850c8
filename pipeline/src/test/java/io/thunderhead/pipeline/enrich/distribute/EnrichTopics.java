package io.thunderhead.pipeline.enrich.distribute;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.pipeline.TopicContents;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Leasing;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Parking;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Queue;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** The topics of one distributor group, seen with plain Kafka clients. */
final class EnrichTopics implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  final ClientSettings client;
  final String input;
  final String output;
  final String late;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  EnrichTopics(String bootstrapServers, int partitions) throws Exception {
    client = ClientSettings.of(bootstrapServers);
    String name = "activities-" + NAMES.incrementAndGet();
    input = name;
    output = name + "-out";
    late = name + "-late";
    try (TopicAdmin topics = new TopicAdmin(client)) {
      topics.ensure(
          TopicAdmin.withDeadLetters(
              TopicSpec.events(input, partitions, 1), TopicSpec.events(late, partitions, 1)));
      topics.ensure(TopicSpec.events(output, partitions, 1));
    }
    admin = Admin.create(client.admin("test-admin"));
    producer = new KafkaProducer<>(client.producer("test-producer"));
  }

  String group() {
    return "g-" + input;
  }

  DistributeConfig config(Queue queue, Parking parking, Leasing leasing) {
    return new DistributeConfig(
        input,
        output,
        late,
        group(),
        1,
        "127.0.0.1",
        0,
        100,
        0,
        queue,
        parking,
        leasing,
        10,
        5,
        "none",
        10_000,
        16 << 20,
        GroupProtocol.CLASSIC);
  }

  static Activity post(long id, long author, String text) {
    return Activity.newBuilder()
        .setPostId(id)
        .setAuthorId(author)
        .setVerb(Verb.VERB_POST)
        .setCreatedAt(1_790_000_000)
        .setText(text)
        .build();
  }

  ProducerRecord<byte[], byte[]> plain(Activity activity) {
    byte[] key = Long.toString(activity.getAuthorId()).getBytes(UTF_8);
    return new ProducerRecord<>(input, key, activity.toByteArray());
  }

  ProducerRecord<byte[], byte[]> packed(int partition, byte[]... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(1_000, 1 << 20);
    for (byte[] event : events) {
      packer.add(event, 0, event.length);
    }
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(input, partition, null, packer.toRecord());
    message.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    return message;
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

  void sendPosts(long from, long to, int authors, String text) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long id = from; id <= to; id++) {
      records.add(plain(post(id, 1 + id % authors, text)));
    }
    send(records);
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    return new TopicContents(client).records(topic);
  }

  List<Activity> activities(String topic) throws Exception {
    return new TopicContents(client).activities(topic);
  }

  List<Activity> enriched() throws Exception {
    return activities(output);
  }

  LedgerCounts ledger() throws Exception {
    LedgerCounts sum = LedgerCounts.NONE;
    for (OffsetAndMetadata one : committed().values()) {
      sum = sum.plus(LedgerCounts.parse(one.metadata()));
    }
    return sum;
  }

  long committedTotal() throws Exception {
    return committed().values().stream().mapToLong(OffsetAndMetadata::offset).sum();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() throws Exception {
    return admin.listConsumerGroupOffsets(group()).partitionsToOffsetAndMetadata().get();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }
}
