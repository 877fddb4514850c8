package io.thunderhead.app.cli;

import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.config.SettingsSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a role reaches Kafka, and the topics that it creates where they are missing. */
final class KafkaFlags {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaFlags.class);

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "Kafka brokers to start from.")
  String bootstrapServers = "127.0.0.1:9092";

  @Option(
      names = "--client-config",
      paramLabel = "FILE",
      description =
          "Properties file with Kafka client settings (time-outs, other security) in place of ours; what our"
              + " guarantees rest on is refused, the rest named at start, its values never logged.")
  @Nullable Path clientConfig;

  @Option(
      names = "--create-topics",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Whether missing topics are created.")
  boolean createTopics = true;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of a topic that is created.")
  int partitions = 8;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Copies of a topic that is created.")
  int replicationFactor = 1;

  @Mixin private KafkaAccessFlags access = new KafkaAccessFlags();

  KafkaConfig config() {
    Path file = clientConfig;
    KafkaConfig config =
        new KafkaConfig(
            bootstrapServers,
            access.access(),
            file == null ? Map.of() : SettingsSource.properties("client-config", file),
            createTopics,
            partitions,
            replicationFactor);
    Set<String> replaced = config.clients().replaced();
    if (!replaced.isEmpty()) {
      LOG.info("--client-config takes the place of our {}", replaced);
    }
    return config;
  }
}
