package io.thunderhead.log.group;

import io.thunderhead.log.ClientSettings;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/**
 * What a consumer needs to be a member of a group, beside what every consumer of ours has. With the
 * protocol of KIP-848 session and heartbeat are the broker's to choose.
 */
public final class MemberSettings {
  private MemberSettings() {}

  static Properties consumer(ClientSettings client, GroupSettings settings, int loop) {
    Properties properties = client.consumer(settings.role() + "-" + loop);
    put(properties, ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    put(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.pollRecords());
    putUnlessGiven(
        client,
        properties,
        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
        ClientSettings.MAX_POLL_INTERVAL_MS);
    switch (settings.protocol()) {
      case CLASSIC -> {
        putUnlessGiven(
            client,
            properties,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ClientSettings.SESSION_TIMEOUT_MS);
        putUnlessGiven(
            client,
            properties,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ClientSettings.HEARTBEAT_INTERVAL_MS);
        put(
            properties,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName());
      }
      case CONSUMER -> put(properties, ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
    }
    return properties;
  }

  /** The user's own time-outs are laid over ours. */
  private static void putUnlessGiven(
      ClientSettings client, Properties properties, String name, Object value) {
    if (!client.extra().containsKey(name)) {
      put(properties, name, value);
    }
  }

  private static void put(Properties properties, String name, Object value) {
    properties.setProperty(name, value.toString());
  }
}
