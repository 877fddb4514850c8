package io.thunderhead.log;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Topics of a test's broker, seen with plain Kafka clients. */
public final class TestTopics implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final ClientSettings settings;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  public TestTopics(ClientSettings settings) {
    this.settings = settings;
    this.admin = Admin.create(settings.admin("test-admin"));
    this.producer = new KafkaProducer<>(settings.producer("test-producer"));
  }

  /** A new topic with a name of its own. */
  public String create(int partitions, Map<String, String> config) throws Exception {
    String name = "topic-" + NAMES.incrementAndGet();
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
    admin.createTopics(List.of(topic)).all().get();
    return name;
  }

  public void grow(String topic, int partitions) throws Exception {
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
  }

  public void deleteBefore(TopicPartition partition, long offset) throws Exception {
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
  }

  public RecordMetadata send(
      String topic, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value)
      throws Exception {
    return producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
  }

  public void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<java.util.concurrent.Future<RecordMetadata>> sent = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> one : records) {
      sent.add(producer.send(one));
    }
    for (var one : sent) {
      one.get();
    }
  }

  /** Every record that the topic has now, partition by partition, in order. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) throws Exception {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    forEach(topic, all::add);
    return all;
  }

  /** The same one by one, for topics that are larger than the heap. */
  public void forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each)
      throws Exception {
    int partitions =
        requireNonNull(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
            .partitions()
            .size();
    try (var consumer = new KafkaConsumer<byte[], byte[]>(settings.consumer("test-reader"))) {
      for (int partition = 0; partition < partitions; partition++) {
        TopicPartition one = new TopicPartition(topic, partition);
        consumer.assign(Set.of(one));
        consumer.seekToBeginning(Set.of(one));
        long end = requireNonNull(consumer.endOffsets(Set.of(one)).get(one));
        while (consumer.position(one) < end) {
          consumer.poll(Duration.ofMillis(100)).records(one).forEach(each);
        }
      }
    }
  }

  /** What the topic takes on the brokers' disks. */
  public long sizeBytes(String topic) throws Exception {
    long size = 0;
    List<Integer> brokers =
        admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
    for (var directories : admin.describeLogDirs(brokers).allDescriptions().get().values()) {
      for (var directory : directories.values()) {
        for (var replica : directory.replicaInfos().entrySet()) {
          size += replica.getKey().topic().equals(topic) ? replica.getValue().size() : 0;
        }
      }
    }
    return size;
  }

  /** What the group has committed, by partition. */
  public Map<Integer, OffsetAndMetadata> committed(String group, String topic) throws Exception {
    Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> {
          if (partition.topic().equals(topic) && offset != null) {
            committed.put(partition.partition(), offset);
          }
        });
    return committed;
  }

  /** The sum of the group's committed offsets over the topic's partitions. */
  public long committedTotal(String group, String topic) throws Exception {
    return committed(group, topic).values().stream().mapToLong(OffsetAndMetadata::offset).sum();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }
}
