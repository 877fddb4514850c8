package io.thunderhead.log;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.broker.EmbeddedBroker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class TopicAdminIT {
  @TempDir static Path dataDir;
  static EmbeddedBroker broker;
  static ClientSettings settings;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(dataDir, 0);
    settings = ClientSettings.of(broker.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void ensure_onMissingTopics_createsThemAsTheContractSays() throws Exception {
    try (TopicAdmin topics = new TopicAdmin(settings)) {
      topics.ensure(TopicAdmin.withDeadLetters(TopicSpec.events("created", 3, 1)));
      assertThat(topics.partitions("created")).isEqualTo(3);
    }
    Config events = config("created");
    assertThat(events.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
    assertThat(events.get("cleanup.policy").value()).isEqualTo("delete");
    Config dead = config("created.dead_letters");
    assertThat(dead.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
    assertThat(dead.get("retention.ms").value()).isEqualTo("-1");
    assertThat(Integer.parseInt(dead.get("max.message.bytes").value()))
        .isGreaterThan(Integer.parseInt(events.get("max.message.bytes").value()));
  }

  @Test
  void ensure_onExistingTopic_leavesItAsItIs() throws Exception {
    try (TopicAdmin topics = new TopicAdmin(settings)) {
      topics.ensure(TopicSpec.events("kept", 2, 1));
      topics.ensure(TopicSpec.events("kept", 5, 1));
      assertThat(topics.partitions("kept")).isEqualTo(2);
    }
  }

  @Test
  void ensure_fromManyRolesAtOnce_succeedsForEach() throws Exception {
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Callable<Void> role =
            () -> {
              try (TopicAdmin topics = new TopicAdmin(settings)) {
                topics.ensure(TopicSpec.events("raced", 2, 1));
              }
              return null;
            };
        all.add(pool.submit(role));
      }
      for (Future<Void> one : all) {
        one.get();
      }
    }
  }

  @Test
  void require_onMissingTopic_namesIt() {
    try (TopicAdmin topics = new TopicAdmin(settings, Duration.ofMillis(500))) {
      assertThatThrownBy(() -> topics.require("absent"))
          .isInstanceOf(LogUnavailableException.class)
          .hasMessageContaining("absent");
    }
  }

  @Test
  void ensure_withMoreReplicasThanBrokers_saysSo() {
    try (TopicAdmin topics = new TopicAdmin(settings, Duration.ofMillis(500))) {
      assertThatThrownBy(() -> topics.ensure(TopicSpec.events("replicated", 1, 3)))
          .isInstanceOf(LogUnavailableException.class)
          .hasMessageContaining("replication");
    }
  }

  @Test
  void ensure_withoutBroker_saysWhereItLooked() throws Exception {
    String nobody;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + probe.getLocalPort();
    }
    try (TopicAdmin topics = new TopicAdmin(ClientSettings.of(nobody), Duration.ofMillis(500))) {
      assertThatThrownBy(() -> topics.ensure(TopicSpec.events("t", 1, 1)))
          .isInstanceOf(LogUnavailableException.class)
          .hasMessageContaining(nobody);
    }
  }

  private static Config config(String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = Admin.create(settings.admin("test"))) {
      return requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }
  }
}
