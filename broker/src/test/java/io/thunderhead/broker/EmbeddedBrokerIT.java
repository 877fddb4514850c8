package io.thunderhead.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
final class EmbeddedBrokerIT {
  @TempDir Path dataDir;

  @Test
  void start_onDirectoryOfAStoppedBroker_keepsItsRecords() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
        Admin admin = admin(broker)) {
      admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty()))).all().get();
      assertThat(send(broker)).isZero();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0)) {
      assertThat(send(broker)).isEqualTo(1);
    }
  }

  @Test
  void start_onDirectoryInUse_isRefusedAndHarmsNothing() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dataDir, 0);
        Admin admin = admin(broker)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, 0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another broker");
      assertThat(admin.listTopics().names().get()).isEmpty();
    }
  }

  @Test
  void start_onTakenPort_saysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedBroker.start(dataDir, taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + taken.getLocalPort());
    }
    EmbeddedBroker.start(dataDir, 0).close();
  }

  private static Admin admin(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static long send(EmbeddedBroker broker) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      return producer.send(new ProducerRecord<>("t", "k", "v")).get().offset();
    }
  }
}
