package io.thunderhead.log;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What a user's own Kafka settings may say, so that none silently takes a guarantee away. */
final class ClientRules {
  /** Time-outs of group members, chosen where these are made. */
  static final Set<String> OF_MEMBERS =
      Set.of(
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

  private static final String SAFETY = "our guarantees rest on it";
  private static final String MEMORY = "bounds on memory rest on it";
  private static final String GROUPS = "roles choose how their group works";

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          entry("bootstrap.servers", "--bootstrap-servers sets it"),
          entry("client.id", "roles name their clients"),
          entry("check.crcs", SAFETY),
          entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, SAFETY),
          entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, SAFETY),
          entry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, SAFETY),
          entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, SAFETY),
          entry(ConsumerConfig.GROUP_ID_CONFIG, GROUPS),
          entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, GROUPS),
          entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GROUPS),
          entry(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, GROUPS),
          entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "--batch-size sets it where it matters"),
          entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MEMORY),
          entry(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MEMORY),
          entry(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, SAFETY),
          entry(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, SAFETY),
          entry(ProducerConfig.ACKS_CONFIG, SAFETY),
          entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, SAFETY),
          entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, SAFETY),
          entry(ProducerConfig.RETRIES_CONFIG, SAFETY + "; delivery.timeout.ms bounds retries"),
          entry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, SAFETY),
          entry(ProducerConfig.PARTITIONER_CLASS_CONFIG, SAFETY),
          entry(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, SAFETY),
          entry(ProducerConfig.BUFFER_MEMORY_CONFIG, MEMORY),
          entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, "topics' max.message.bytes sets it"),
          entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "--compression sets it"),
          entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, SAFETY),
          entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, SAFETY));

  private static final TimeOut MAX_BLOCK =
      new TimeOut(ProducerConfig.MAX_BLOCK_MS_CONFIG, ClientSettings.PRODUCER_MAX_BLOCK_MS);
  private static final TimeOut MAX_POLL =
      new TimeOut(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, ClientSettings.MAX_POLL_INTERVAL_MS);
  private static final TimeOut SESSION =
      new TimeOut(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ClientSettings.SESSION_TIMEOUT_MS);
  private static final TimeOut HEARTBEAT =
      new TimeOut(
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, ClientSettings.HEARTBEAT_INTERVAL_MS);
  private static final TimeOut REQUEST =
      new TimeOut("request.timeout.ms", ClientSettings.REQUEST_TIMEOUT_MS);
  private static final TimeOut API =
      new TimeOut(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ClientSettings.API_TIMEOUT_MS);

  private ClientRules() {}

  /**
   * @throws IllegalArgumentException naming the setting that can't be, and why
   */
  static void check(Map<String, String> extra) {
    extra.forEach((name, _) -> {
      String why = REFUSED.get(name);
      if (why != null) {
        throw new IllegalArgumentException(
            "the Kafka setting " + name + " can't be overridden: " + why);
      }
    });
    check(
        extra,
        MAX_BLOCK,
        1,
        MAX_POLL,
        "polling threads block in it, and a group expels the silent");
    check(extra, HEARTBEAT, 3, SESSION, "one lost heartbeat must expel nobody");
    check(extra, REQUEST, 1, API, "a call waits for at least one request");
  }

  /**
   * @throws IllegalArgumentException naming the setting that would be given twice
   */
  static void check(BrokerAccess access, Map<String, String> extra) {
    if (!access.encrypted()) {
      return;
    }
    Set<String> twice = new TreeSet<>(BrokerAccess.SETTINGS);
    twice.retainAll(extra.keySet());
    if (!twice.isEmpty()) {
      throw new IllegalArgumentException(
          "the Kafka setting %s can't be overridden: the flags of --kafka-ca set it"
              .formatted(String.join(", ", twice)));
    }
  }

  private static void check(
      Map<String, String> extra, TimeOut shorter, int times, TimeOut longer, String why) {
    if (times * shorter.of(extra) > longer.of(extra)) {
      throw new IllegalArgumentException(
          "the Kafka setting %s, %d, must be %s %s, %d: %s"
              .formatted(
                  shorter.name(),
                  shorter.of(extra),
                  times == 1 ? "at most" : "at most a third of",
                  longer.name(),
                  longer.of(extra),
                  why));
    }
  }

  /** A time-out and our choice of it. */
  private record TimeOut(String name, long chosenMs) {
    long of(Map<String, String> extra) {
      String value = extra.get(name);
      try {
        return value == null ? chosenMs : Long.parseLong(value.strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "the Kafka setting " + name + " is not a number of milliseconds", e);
      }
    }
  }
}
