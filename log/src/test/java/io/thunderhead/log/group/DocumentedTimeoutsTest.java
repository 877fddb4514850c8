package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.log.ClientSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time-outs in docs/operations.md against what the clients are really given. */
final class DocumentedTimeoutsTest {
  private static final Pattern SEPARATOR = Pattern.compile(",? ");
  private static final Path DOC = Path.of("..", "docs", "operations.md");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "request.timeout.ms | request.timeout.ms",
        "default.api.timeout.ms | default.api.timeout.ms",
        "metadata.max.age.ms | metadata.max.age.ms",
        "reconnect.backoff.ms (max) | reconnect.backoff.ms reconnect.backoff.max.ms",
        "retry.backoff.ms (max) | retry.backoff.ms retry.backoff.max.ms",
        "socket.connection.setup.timeout.ms (max) | socket.connection.setup.timeout.ms"
            + " socket.connection.setup.timeout.max.ms",
        "connections.max.idle.ms | connections.max.idle.ms",
        "fetch.max.wait.ms | fetch.max.wait.ms",
        "delivery.timeout.ms | delivery.timeout.ms",
        "max.block.ms | max.block.ms",
        "max.poll.interval.ms | max.poll.interval.ms",
        "session.timeout.ms, heartbeat.interval.ms | session.timeout.ms, heartbeat.interval.ms",
      })
  void table_saysWhatTheClientsAreGiven(String row, String settings) throws Exception {
    Properties client = ClientSettings.of("h:1").producer("p");
    client.putAll(
        MemberSettings.consumer(
            ClientSettings.of("h:1"),
            new GroupSettings(
                "role",
                "topic",
                "group",
                1,
                1,
                1,
                1,
                GroupSettings.DEFAULT_COMMIT_INTERVAL,
                GroupSettings.DEFAULT_DRAIN_LIMIT,
                GroupSettings.GroupProtocol.CLASSIC),
            0));
    String between = row.endsWith("(max)") ? " (" : ", ";
    StringJoiner values = new StringJoiner(between, "", row.endsWith("(max)") ? ")" : "");
    for (String setting : List.of(SEPARATOR.split(settings))) {
      values.add(duration(Long.parseLong(client.getProperty(setting))));
    }
    assertThat(Files.readString(DOC)).contains("| " + row + " | " + values + " | ");
  }

  /** Whoever takes a new version of the clients decides about its time-outs. */
  @Test
  void everyTimeOutOfTheClients_isNamed() throws Exception {
    String doc = Files.readString(DOC);
    Set<String> names = new TreeSet<>(ProducerConfig.configNames());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    names.removeIf(
        name -> !name.endsWith(".ms") || name.endsWith(".max.ms") || name.startsWith("sasl."));
    assertThat(names).contains("session.timeout.ms").allMatch(doc::contains);
  }

  private static String duration(long ms) {
    if (ms % 1000 != 0) {
      return ms + " ms";
    }
    // Beyond the longest retry people think in minutes.
    return ms > 120_000 ? ms / 60_000 + " min" : ms / 1000 + " s";
  }
}
