package io.thunderhead.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class EmbeddedClusterIT {
  @TempDir Path dataDir;

  @Test
  void threeNodes_leadPartitionsEach_andKeepThreeCopies() throws Exception {
    try (EmbeddedCluster cluster = EmbeddedCluster.start(dataDir, 3, Map.of());
        Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      assertThat(admin.describeCluster().nodes().get()).hasSize(3);
      NewTopic topic = new NewTopic("t", Optional.of(6), Optional.of((short) 3));
      admin.createTopics(List.of(topic)).all().get();
      assertThat(send(cluster)).isZero();
      assertThat(
              Objects.requireNonNull(
                      admin.describeTopics(List.of("t")).allTopicNames().get().get("t"))
                  .partitions())
          .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(3))
          .extracting(partition -> partition.leader().id())
          .contains(1, 2, 3);
    }
  }

  private static long send(EmbeddedCluster cluster) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers(), "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      return producer.send(new ProducerRecord<>("t", "k", "v")).get().offset();
    }
  }
}
