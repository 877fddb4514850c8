package io.thunderhead.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientSettingsTest {
  @Test
  void producer_byDefault_isIdempotentAndWaitsForAllReplicas() {
    var producer = ClientSettings.of("h:1").producer("p");
    assertThat(producer)
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", "true")
        .containsEntry("max.in.flight.requests.per.connection", "1")
        .containsEntry("client.id", "p");
  }

  @Test
  void consumer_byDefault_neverCommitsOrJumpsByItself() {
    var consumer = ClientSettings.of("h:1").consumer("c");
    assertThat(consumer)
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("auto.offset.reset", "none")
        .containsEntry("metadata.max.age.ms", "10000");
  }

  @Test
  void extra_goesToTheClientsThatKnowIt() {
    var settings =
        new ClientSettings(
            "h:1",
            Map.of("delivery.timeout.ms", "60000", "sasl.mechanism", "PLAIN", "own.key", "x"));
    assertThat(settings.producer("p")).containsEntry("delivery.timeout.ms", "60000");
    assertThat(settings.consumer("c")).doesNotContainKey("delivery.timeout.ms");
    assertThat(settings.consumer("c")).containsEntry("sasl.mechanism", "PLAIN");
    assertThat(settings.admin("a")).containsEntry("own.key", "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acks",
        "enable.idempotence",
        "retries",
        "enable.auto.commit",
        "isolation.level",
        "check.crcs",
        "bootstrap.servers",
        "group.instance.id",
        "partition.assignment.strategy",
        "max.poll.records",
        "fetch.max.bytes",
        "compression.type",
        "max.request.size",
      })
  void extra_thatWouldBreakAGuarantee_isRefusedByName(String name) {
    assertThatThrownBy(() -> new ClientSettings("h:1", Map.of(name, "0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void extra_thatReplacesOurs_isNamed() {
    var settings =
        new ClientSettings(
            "h:1", Map.of("session.timeout.ms", "20000", "linger.ms", "9", "own.key", "x"));
    assertThat(settings.replaced()).containsExactly("linger.ms", "session.timeout.ms");
    assertThat(settings.producer("p")).containsEntry("linger.ms", "9");
  }

  @ParameterizedTest
  @CsvSource({
    "max.block.ms, 90000, max.poll.interval.ms",
    "heartbeat.interval.ms, 5000, session.timeout.ms",
    "max.poll.interval.ms, 5000, max.block.ms",
    "request.timeout.ms, 60000, default.api.timeout.ms",
    "session.timeout.ms, soon, number"
  })
  void timeOuts_thatDoNotGoTogether_areRefusedByName(String name, String value, String other) {
    assertThatThrownBy(() -> new ClientSettings("h:1", Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(name, other);
  }
}
