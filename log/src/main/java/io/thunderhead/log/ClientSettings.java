package io.thunderhead.log;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where Kafka is and how every client of ours talks to it. Each time-out is chosen here, with its
 * reason. A setting in {@code extra} takes the place of ours, and {@link #replaced} names it; those
 * that our guarantees or bounds rest on, and time-outs that don't go together, are refused.
 *
 * @param bootstrapServers {@code host:port[,host:port…]}
 * @param access which brokers are believed, and what they are shown
 * @param extra Kafka client settings by their Kafka names (other time-outs, other security); one
 *     that only some kinds of client know goes to those
 */
public record ClientSettings(
    String bootstrapServers, BrokerAccess access, Map<String, String> extra) {

  /** A broker that vanished without closing its sockets is given up after this, not after 30 s. */
  public static final int REQUEST_TIMEOUT_MS = 15_000;

  /**
   * Blocking calls (offsets, commits, topic creation): two requests' worth, then the caller acts.
   */
  public static final int API_TIMEOUT_MS = 30_000;

  /** How late a new partition, or a new leader that no error announced, is found. */
  public static final int METADATA_MAX_AGE_MS = 10_000;

  /** First pause before connecting again: long enough not to spin on a refused port. */
  public static final int RECONNECT_BACKOFF_MS = 100;

  /** Longest pause before connecting again: a broker that is back is used within a second. */
  public static final int RECONNECT_BACKOFF_MAX_MS = 1_000;

  /** First pause before a request is repeated. */
  public static final int RETRY_BACKOFF_MS = 100;

  /** Longest pause before a request is repeated: a new leader is tried within a second. */
  public static final int RETRY_BACKOFF_MAX_MS = 1_000;

  /** A connect that gets no answer (half-open network) moves on to the next address after this. */
  public static final int CONNECT_TIMEOUT_MS = 5_000;

  /** The same after repeated failures; Kafka doubles the time-out up to this. */
  public static final int CONNECT_TIMEOUT_MAX_MS = 10_000;

  /** Below the broker's 10 minutes, so that it is the client who closes and nobody logs a reset. */
  public static final int CONNECTIONS_MAX_IDLE_MS = 540_000;

  /**
   * The system sizes the sockets' buffers itself, up to some MiB each: through Kafka's own 64 KiB a
   * fetch answer of megabytes is read in a hundred pieces, with a wake-up for each.
   */
  public static final int SOCKET_BUFFER_BYTES = -1;

  /** How long the broker holds an empty fetch: bounds how late a resumed partition is fetched. */
  public static final int FETCH_MAX_WAIT_MS = 250;

  /** What one fetch answer may hold over all partitions: bounds a consumer's memory at start. */
  public static final int FETCH_MAX_BYTES = 16 << 20;

  /** What one fetch answer may hold of one partition; a larger record still comes, alone. */
  public static final int PARTITION_FETCH_BYTES = 2 << 20;

  /** A loop that hangs this long loses its partitions to the others. */
  public static final int MAX_POLL_INTERVAL_MS = 60_000;

  /** A member that died is replaced after this; more than a long pause of its JVM. */
  public static final int SESSION_TIMEOUT_MS = 10_000;

  /** A third of the session, as Kafka advises, so that one lost heartbeat expels nobody. */
  public static final int HEARTBEAT_INTERVAL_MS = 3_000;

  /**
   * How long the producer itself retries one record: longer than a broker's restart or a change of
   * leader, so that only a real outage reaches the caller.
   */
  public static final int DELIVERY_TIMEOUT_MS = 120_000;

  /**
   * How long {@code send} may block on metadata or on a full buffer: far below the poll interval,
   * since it is called on polling threads.
   */
  public static final int PRODUCER_MAX_BLOCK_MS = 10_000;

  /** Lets records for the partitions of one broker share a request; packing has waited already. */
  public static final int PRODUCER_LINGER_MS = 5;

  /**
   * Several packed records per partition fit, also large ones, so that a request is worth its way:
   * with one under way at a time, the number of requests bounds what gets through.
   */
  public static final int PRODUCER_BATCH_BYTES = 128 << 10;

  /** Kafka's own, 3, takes twice the time for a tenth less bytes; whoever wants it sets it. */
  public static final int PRODUCER_ZSTD_LEVEL = 1;

  /**
   * Requests under way per broker. With more, the second batch for a new partition can be accepted
   * while the first is still refused for want of a leader: a broker that knows nothing of a
   * producer takes any sequence number, and the first is out of order until it is given up
   * (KAFKA-15591).
   */
  public static final int PRODUCER_REQUESTS_IN_FLIGHT = 1;

  /** Records sent but not acknowledged; {@code send} blocks beyond it, so callers stay below. */
  public static final int PRODUCER_BUFFER_BYTES = 64 << 20;

  /** The largest record a producer of ours sends unless its topic says less; Kafka's default. */
  public static final int MAX_REQUEST_BYTES = 1 << 20;

  public ClientSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrapServers is empty; expected host:port");
    }
    extra = Map.copyOf(extra);
    ClientRules.check(extra);
    ClientRules.check(access, extra);
  }

  /** For brokers that are open to everybody. */
  public ClientSettings(String bootstrapServers, Map<String, String> extra) {
    this(bootstrapServers, BrokerAccess.open(), extra);
  }

  /** Settings without extras, for brokers that are open to everybody. */
  public static ClientSettings of(String bootstrapServers) {
    return new ClientSettings(bootstrapServers, Map.of());
  }

  /** Without the values of {@code extra}, which may be secret. */
  @Override
  public String toString() {
    return "ClientSettings[%s, %s, %s]".formatted(bootstrapServers, access, extra.keySet());
  }

  /** Which of the settings that we choose {@code extra} takes the place of, in order. */
  public SortedSet<String> replaced() {
    SortedSet<String> chosen = new TreeSet<>(ClientRules.OF_MEMBERS);
    ClientSettings plain = of(bootstrapServers);
    for (Properties ours : List.of(plain.consumer(""), plain.producer(""), plain.admin(""))) {
      chosen.addAll(ours.stringPropertyNames());
    }
    chosen.retainAll(extra.keySet());
    return chosen;
  }

  /**
   * For a consumer of bytes: no group, no commits of its own, and an error instead of a silent jump
   * when it has no valid offset. Aborted transactions are not read: their events were never
   * accepted; the price is that an open transaction of a foreign producer holds its partition up.
   */
  public Properties consumer(String clientId) {
    Properties settings = common(clientId);
    put(settings, ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
    put(settings, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS);
    put(settings, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_MAX_BYTES);
    put(settings, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
    put(settings, ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    put(settings, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    put(settings, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    put(settings, ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    put(
        settings,
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class.getName());
    put(
        settings,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class.getName());
    return withExtra(settings, ConsumerConfig.configNames());
  }

  /** For an idempotent producer of bytes that every in-sync replica must acknowledge. */
  public Properties producer(String clientId) {
    Properties settings = common(clientId);
    put(settings, ProducerConfig.ACKS_CONFIG, "all");
    put(settings, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    put(
        settings,
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        PRODUCER_REQUESTS_IN_FLIGHT);
    put(settings, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    put(settings, ProducerConfig.MAX_BLOCK_MS_CONFIG, PRODUCER_MAX_BLOCK_MS);
    put(settings, ProducerConfig.LINGER_MS_CONFIG, PRODUCER_LINGER_MS);
    put(settings, ProducerConfig.BATCH_SIZE_CONFIG, PRODUCER_BATCH_BYTES);
    put(settings, ProducerConfig.BUFFER_MEMORY_CONFIG, PRODUCER_BUFFER_BYTES);
    put(settings, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    put(settings, ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    put(settings, ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, PRODUCER_ZSTD_LEVEL);
    put(settings, ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    put(
        settings,
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class.getName());
    return withExtra(settings, ProducerConfig.configNames());
  }

  /** For an admin client. */
  public Properties admin(String clientId) {
    Properties settings = common(clientId);
    put(settings, AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
    return withExtra(settings, AdminClientConfig.configNames());
  }

  private Properties common(String clientId) {
    Properties settings = new Properties();
    put(settings, "bootstrap.servers", bootstrapServers);
    put(settings, "client.id", clientId);
    put(settings, "request.timeout.ms", REQUEST_TIMEOUT_MS);
    put(settings, "metadata.max.age.ms", METADATA_MAX_AGE_MS);
    put(settings, "reconnect.backoff.ms", RECONNECT_BACKOFF_MS);
    put(settings, "reconnect.backoff.max.ms", RECONNECT_BACKOFF_MAX_MS);
    put(settings, "retry.backoff.ms", RETRY_BACKOFF_MS);
    put(settings, "retry.backoff.max.ms", RETRY_BACKOFF_MAX_MS);
    put(settings, "socket.connection.setup.timeout.ms", CONNECT_TIMEOUT_MS);
    put(settings, "socket.connection.setup.timeout.max.ms", CONNECT_TIMEOUT_MAX_MS);
    put(settings, "connections.max.idle.ms", CONNECTIONS_MAX_IDLE_MS);
    put(settings, "receive.buffer.bytes", SOCKET_BUFFER_BYTES);
    put(settings, "send.buffer.bytes", SOCKET_BUFFER_BYTES);
    // Our metrics are our own; JMX beans of many clients in one process only collide.
    put(settings, "metric.reporters", "");
    put(settings, "enable.metrics.push", false);
    access.settings().forEach((name, value) -> put(settings, name, value));
    return settings;
  }

  /** Lays {@code extra} over ours, leaving out what only another kind of client knows. */
  private Properties withExtra(Properties settings, Set<String> known) {
    extra.forEach((name, value) -> {
      boolean elsewhere =
          ConsumerConfig.configNames().contains(name)
              || ProducerConfig.configNames().contains(name)
              || AdminClientConfig.configNames().contains(name);
      if (known.contains(name) || !elsewhere) {
        put(settings, name, value);
      }
    });
    return settings;
  }

  private static void put(Properties settings, String name, Object value) {
    settings.setProperty(name, value.toString());
  }
}
