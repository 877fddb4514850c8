package io.thunderhead.app.config;

import io.thunderhead.log.BrokerAccess;
import io.thunderhead.log.ClientSettings;
import java.util.Map;

/**
 * How a role reaches Kafka, and what a topic that it has to create looks like.
 *
 * @param access which brokers it believes, and how it shows them who it is
 * @param clientProperties Kafka client settings from the user's own file, laid over ours
 */
public record KafkaConfig(
    String bootstrapServers,
    BrokerAccess access,
    Map<String, String> clientProperties,
    boolean createTopics,
    int partitions,
    int replicationFactor) {
  public KafkaConfig {
    Limits.notBlank("bootstrap-servers", bootstrapServers);
    for (String server : bootstrapServers.split(",", -1)) {
      if (!server.strip().matches(".+:\\d{1,5}")) {
        throw new IllegalArgumentException(
            "--bootstrap-servers must be HOST:PORT[,HOST:PORT…], not '" + bootstrapServers + "'");
      }
    }
    clientProperties = Map.copyOf(clientProperties);
    Limits.between("partitions", partitions, 1, 10_000);
    Limits.between("replication-factor", replicationFactor, 1, 100);
  }

  /** Brokers that are open to everybody, with our settings alone. */
  public static KafkaConfig open(
      String bootstrapServers, boolean createTopics, int partitions, int replicationFactor) {
    return new KafkaConfig(
        bootstrapServers,
        BrokerAccess.open(),
        Map.of(),
        createTopics,
        partitions,
        replicationFactor);
  }

  public ClientSettings clients() {
    return new ClientSettings(bootstrapServers, access, clientProperties);
  }
}
