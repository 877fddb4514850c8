package io.thunderhead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.config.SettingsSource;
import io.thunderhead.app.lifecycle.StopRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Pins every flag, its variable and its default: changing one changes what users rely on. */
final class FlagsTest {
  private static final String COMMON =
      """
      config = THUNDERHEAD_CONFIG
      log-level = info THUNDERHEAD_LOG_LEVEL
      """;
  private static final String HTTP = "bind = 127.0.0.1 THUNDERHEAD_BIND\n";
  private static final String ACCESS =
      """
      access-reload-seconds = 10 THUNDERHEAD_ACCESS_RELOAD_SECONDS
      http-bind = THUNDERHEAD_HTTP_BIND
      http-tls = off THUNDERHEAD_HTTP_TLS
      http-token-file = THUNDERHEAD_HTTP_TOKEN_FILE
      tls-certificate = THUNDERHEAD_TLS_CERTIFICATE
      tls-client-ca = THUNDERHEAD_TLS_CLIENT_CA
      tls-key = THUNDERHEAD_TLS_KEY
      """;
  private static final String CLIENT =
      """
      client-certificate = THUNDERHEAD_CLIENT_CERTIFICATE
      client-key = THUNDERHEAD_CLIENT_KEY
      client-token-file = THUNDERHEAD_CLIENT_TOKEN_FILE
      server-ca = THUNDERHEAD_SERVER_CA
      server-name = THUNDERHEAD_SERVER_NAME
      """;
  private static final String KAFKA =
      """
      bootstrap-servers = 127.0.0.1:9092 THUNDERHEAD_BOOTSTRAP_SERVERS
      client-config = THUNDERHEAD_CLIENT_CONFIG
      create-topics = true THUNDERHEAD_CREATE_TOPICS
      kafka-ca = THUNDERHEAD_KAFKA_CA
      kafka-certificate = THUNDERHEAD_KAFKA_CERTIFICATE
      kafka-key = THUNDERHEAD_KAFKA_KEY
      kafka-password-file = THUNDERHEAD_KAFKA_PASSWORD_FILE
      kafka-sasl = THUNDERHEAD_KAFKA_SASL
      kafka-user = THUNDERHEAD_KAFKA_USER
      partitions = 8 THUNDERHEAD_PARTITIONS
      replication-factor = 1 THUNDERHEAD_REPLICATION_FACTOR
      """;

  private static final String PUBLISH =
      """
      compression = none THUNDERHEAD_COMPRESSION
      lanes = 1 THUNDERHEAD_LANES
      linger-ms = 10 THUNDERHEAD_LINGER_MS
      pack-events = 1 THUNDERHEAD_PACK_EVENTS
      """;

  @Test
  void demo_flags_areAsDocumented() {
    assertThat(flags("demo"))
        .isEqualTo(
            sorted(
                COMMON,
                HTTP,
                """
                authors = 10000 THUNDERHEAD_AUTHORS
                data-dir = THUNDERHEAD_DATA_DIR
                grpc-port = 9090 THUNDERHEAD_GRPC_PORT
                http-port = 8080 THUNDERHEAD_HTTP_PORT
                kafka-port = 0 THUNDERHEAD_KAFKA_PORT
                rate = 2000 THUNDERHEAD_RATE
                seconds = 0 THUNDERHEAD_SECONDS
                seed = 1 THUNDERHEAD_SEED
                """));
  }

  @Test
  void broker_flags_areAsDocumented() {
    assertThat(flags("broker"))
        .isEqualTo(
            sorted(
                COMMON,
                HTTP,
                """
                advertised = THUNDERHEAD_ADVERTISED
                data-dir = thunderhead-data THUNDERHEAD_DATA_DIR
                http-port = 8083 THUNDERHEAD_HTTP_PORT
                port = 9092 THUNDERHEAD_PORT
                """));
  }

  @Test
  void generate_flags_areAsDocumented() {
    assertThat(flags("generate"))
        .isEqualTo(
            sorted(
                COMMON,
                HTTP,
                KAFKA,
                PUBLISH,
                """
                authors = 10000 THUNDERHEAD_AUTHORS
                events = 0 THUNDERHEAD_EVENTS
                http-port = 0 THUNDERHEAD_HTTP_PORT
                rate = 1000 THUNDERHEAD_RATE
                seconds = 0 THUNDERHEAD_SECONDS
                seed = 1 THUNDERHEAD_SEED
                topic = tweet_events THUNDERHEAD_TOPIC
                """));
  }

  @Test
  void replayFile_flags_areAsDocumented() {
    assertThat(flags("replay-file"))
        .isEqualTo(
            sorted(
                COMMON,
                HTTP,
                KAFKA,
                PUBLISH,
                """
                format = auto THUNDERHEAD_FORMAT
                http-port = 0 THUNDERHEAD_HTTP_PORT
                keep-times = false THUNDERHEAD_KEEP_TIMES
                speed = 0.0 THUNDERHEAD_SPEED
                to = tweet_events THUNDERHEAD_TO
                """));
  }

  @Test
  void distribute_flags_areAsDocumented() {
    assertThat(flags("distribute"))
        .isEqualTo(
            sorted(
                COMMON,
                ACCESS,
                HTTP,
                KAFKA,
                """
                batch-size = 500 THUNDERHEAD_BATCH_SIZE
                compression = none THUNDERHEAD_COMPRESSION
                enrichers = language,urls,author-score THUNDERHEAD_ENRICHERS
                group = thunderhead-distribute THUNDERHEAD_GROUP
                grpc-port = 9091 THUNDERHEAD_GRPC_PORT
                http-port = 8084 THUNDERHEAD_HTTP_PORT
                input-topic = activities THUNDERHEAD_INPUT_TOPIC
                late-park-ms = 10000 THUNDERHEAD_LATE_PARK_MS
                late-topic = late_enrichments THUNDERHEAD_LATE_TOPIC
                lease-ms = 10000 THUNDERHEAD_LEASE_MS
                linger-ms = 50 THUNDERHEAD_LINGER_MS
                max-late-attempts = 5 THUNDERHEAD_MAX_LATE_ATTEMPTS
                max-leases = 3 THUNDERHEAD_MAX_LEASES
                max-rate = 0 THUNDERHEAD_MAX_RATE
                output-topic = enriched_activities THUNDERHEAD_OUTPUT_TOPIC
                pack-events = 100 THUNDERHEAD_PACK_EVENTS
                park-capacity = 20000 THUNDERHEAD_PARK_CAPACITY
                park-ms = 2000 THUNDERHEAD_PARK_MS
                park-rounds = 3 THUNDERHEAD_PARK_ROUNDS
                queue-bytes = 33554432 THUNDERHEAD_QUEUE_BYTES
                queue-size = 10000 THUNDERHEAD_QUEUE_SIZE
                token-file = THUNDERHEAD_TOKEN_FILE
                threads = 1 THUNDERHEAD_THREADS
                """));
  }

  @Test
  void work_flags_areAsDocumented() {
    assertThat(flags("work"))
        .isEqualTo(
            sorted(
                COMMON,
                ACCESS,
                CLIENT,
                HTTP,
                """
                concurrency = 64 THUNDERHEAD_CONCURRENCY
                distributor = 127.0.0.1:9091 THUNDERHEAD_DISTRIBUTOR
                drain-ms = 5000 THUNDERHEAD_DRAIN_MS
                enrichers = language,urls,author-score THUNDERHEAD_ENRICHERS
                http-port = 8085 THUNDERHEAD_HTTP_PORT
                url-allow-private = false THUNDERHEAD_URL_ALLOW_PRIVATE
                url-cache-entries = 100000 THUNDERHEAD_URL_CACHE_ENTRIES
                url-cache-seconds = 86400 THUNDERHEAD_URL_CACHE_SECONDS
                url-hop-timeout-ms = 2000 THUNDERHEAD_URL_HOP_TIMEOUT_MS
                url-max-per-activity = 10 THUNDERHEAD_URL_MAX_PER_ACTIVITY
                url-max-redirects = 10 THUNDERHEAD_URL_MAX_REDIRECTS
                url-negative-cache-seconds = 300 THUNDERHEAD_URL_NEGATIVE_CACHE_SECONDS
                url-total-timeout-ms = 8000 THUNDERHEAD_URL_TOTAL_TIMEOUT_MS
                worker-name = worker THUNDERHEAD_WORKER_NAME
                """));
  }

  @Test
  void transform_flags_areAsDocumented() {
    assertThat(flags("transform"))
        .isEqualTo(
            sorted(
                COMMON,
                ACCESS,
                HTTP,
                KAFKA,
                """
                batch-size = 1000 THUNDERHEAD_BATCH_SIZE
                compression = none THUNDERHEAD_COMPRESSION
                future-skew-seconds = 300 THUNDERHEAD_FUTURE_SKEW_SECONDS
                group = thunderhead-transform THUNDERHEAD_GROUP
                http-port = 8081 THUNDERHEAD_HTTP_PORT
                input-format = THUNDERHEAD_INPUT_FORMAT
                input-topic = tweet_events THUNDERHEAD_INPUT_TOPIC
                linger-ms = 50 THUNDERHEAD_LINGER_MS
                output-topic = in_network_events THUNDERHEAD_OUTPUT_TOPIC
                pack-events = 100 THUNDERHEAD_PACK_EVENTS
                quoted-delete = remove THUNDERHEAD_QUOTED_DELETE
                threads = 1 THUNDERHEAD_THREADS
                """));
  }

  @Test
  void serve_flags_areAsDocumented() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(flags("serve"))
        .isEqualTo(
            sorted(
                COMMON,
                ACCESS,
                HTTP,
                KAFKA,
                """
                apply-permits = 3 THUNDERHEAD_APPLY_PERMITS
                concurrency-limit = vegas THUNDERHEAD_CONCURRENCY_LIMIT
                following-file = THUNDERHEAD_FOLLOWING_FILE
                future-skew-seconds = 300 THUNDERHEAD_FUTURE_SKEW_SECONDS
                grpc-port = 9090 THUNDERHEAD_GRPC_PORT
                http-port = 8080 THUNDERHEAD_HTTP_PORT
                max-concurrent-requests = 64 THUNDERHEAD_MAX_CONCURRENT_REQUESTS
                max-connections = 4096 THUNDERHEAD_MAX_CONNECTIONS
                max-connections-per-address = 1024 THUNDERHEAD_MAX_CONNECTIONS_PER_ADDRESS
                max-original-posts-per-author = 50 THUNDERHEAD_MAX_ORIGINAL_POSTS_PER_AUTHOR
                max-posts-kept-per-author = 5000 THUNDERHEAD_MAX_POSTS_KEPT_PER_AUTHOR
                max-posts-scanned-per-author = 500 THUNDERHEAD_MAX_POSTS_SCANNED_PER_AUTHOR
                max-reply-posts-per-author = 30 THUNDERHEAD_MAX_REPLY_POSTS_PER_AUTHOR
                max-snapshot-age = 600s THUNDERHEAD_MAX_SNAPSHOT_AGE
                max-staleness-seconds = 60 THUNDERHEAD_MAX_STALENESS_SECONDS
                max-video-posts-per-author = 100 THUNDERHEAD_MAX_VIDEO_POSTS_PER_AUTHOR
                post-retention-seconds = 172800 THUNDERHEAD_POST_RETENTION_SECONDS
                snapshot-dir = THUNDERHEAD_SNAPSHOT_DIR
                snapshot-interval = 60s THUNDERHEAD_SNAPSHOT_INTERVAL
                store-bytes = 0 THUNDERHEAD_STORE_BYTES
                request-timeout-ms = 0 THUNDERHEAD_REQUEST_TIMEOUT_MS
                token-file = THUNDERHEAD_TOKEN_FILE
                threads = %d THUNDERHEAD_THREADS
                topic = in_network_events THUNDERHEAD_TOPIC
                """
                    .formatted(processors)));
  }

  @Test
  void audit_flags_areAsDocumented() {
    assertThat(flags("audit"))
        .isEqualTo(
            sorted(
                COMMON,
                KAFKA,
                """
                edges = THUNDERHEAD_EDGES
                groups = THUNDERHEAD_GROUPS
                json = false THUNDERHEAD_JSON
                max-ids = 8000000 THUNDERHEAD_MAX_IDS
                routes = THUNDERHEAD_ROUTES
                """));
  }

  @Test
  void deadLetters_flags_areAsDocumented() {
    assertThat(flags("dead-letters"))
        .isEqualTo(
            sorted(
                COMMON,
                KAFKA,
                """
                again = false THUNDERHEAD_AGAIN
                at = THUNDERHEAD_AT
                batch-size = 500 THUNDERHEAD_BATCH_SIZE
                dry-run = false THUNDERHEAD_DRY_RUN
                json = false THUNDERHEAD_JSON
                limit = 100000 THUNDERHEAD_LIMIT
                payload-encoding = hex THUNDERHEAD_PAYLOAD_ENCODING
                payload-file = THUNDERHEAD_PAYLOAD_FILE
                reason = THUNDERHEAD_REASON
                since = THUNDERHEAD_SINCE
                topic = THUNDERHEAD_TOPIC
                until = THUNDERHEAD_UNTIL
                """));
  }

  @Test
  void spike_flags_areAsDocumented() {
    assertThat(flags("spike"))
        .isEqualTo(
            sorted(
                COMMON,
                HTTP,
                """
                drain-seconds = 600 THUNDERHEAD_DRAIN_SECONDS
                enrichers = author-score THUNDERHEAD_ENRICHERS
                faults = none THUNDERHEAD_FAULTS
                http-port = 8080 THUNDERHEAD_HTTP_PORT
                instances = 1 THUNDERHEAD_INSTANCES
                out = spike THUNDERHEAD_OUT
                scale = 0.0 THUNDERHEAD_SCALE
                seconds = 0 THUNDERHEAD_SECONDS
                shape = superbowl THUNDERHEAD_SHAPE
                warm-seconds = 15 THUNDERHEAD_WARM_SECONDS
                """));
  }

  @Test
  void query_flags_areAsDocumented() {
    assertThat(flags("query"))
        .isEqualTo(
            sorted(
                COMMON,
                CLIENT,
                """
                addr = 127.0.0.1:9090 THUNDERHEAD_ADDR
                exclude = THUNDERHEAD_EXCLUDE
                following = THUNDERHEAD_FOLLOWING
                json = false THUNDERHEAD_JSON
                max = 0 THUNDERHEAD_MAX
                user = 0 THUNDERHEAD_USER
                video = false THUNDERHEAD_VIDEO
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "broker",
        "generate",
        "replay-file",
        "distribute",
        "work",
        "transform",
        "serve",
        "query"
      })
  void help_ofEachFlag_hasWordsAndVariable(String command) {
    for (OptionSpec option : options(command)) {
      String help = String.join(" ", option.description());
      assertThat(help).as(option.longestName()).contains(". [").contains("THUNDERHEAD_");
    }
  }

  private static List<String> flags(String command) {
    List<String> flags = new ArrayList<>();
    for (OptionSpec option : options(command)) {
      String name = EffectiveSettings.name(option);
      String initial = Flags.defaultOf(option);
      String variable = SettingsSource.environmentName(name);
      flags.add(name + " = " + (initial.isEmpty() ? "" : initial + " ") + variable);
    }
    return flags.stream().sorted().toList();
  }

  private static List<OptionSpec> options(String command) {
    CommandLine root =
        new CommandLineRun(Map.of(), new StopRequest(), System.out, System.err)
            .commandLine(SettingsSource.of(Map.of()));
    CommandLine found = root.getSubcommands().get(command);
    if (found == null) {
      throw new AssertionError("no command " + command);
    }
    return found.getCommandSpec().options().stream().filter(o -> !o.usageHelp()).toList();
  }

  private static List<String> sorted(String... blocks) {
    return String.join("", blocks).lines().sorted().toList();
  }
}
