package io.thunderhead.app.cli;

import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.config.SettingsSource;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a role reaches Kafka, and the topics that it creates where they are missing. */
final class KafkaFlags {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,…",
      description = "Kafka brokers to start from.")
  String bootstrapServers = "127.0.0.1:9092";

  @Option(
      names = "--client-config",
      paramLabel = "FILE",
      description =
          "Properties file with Kafka client settings (security, time-outs), laid over ours;"
              + " its values are never logged.")
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

  KafkaConfig config() {
    Path file = clientConfig;
    return new KafkaConfig(
        bootstrapServers,
        file == null ? Map.of() : SettingsSource.properties("client-config", file),
        createTopics,
        partitions,
        replicationFactor);
  }
}
