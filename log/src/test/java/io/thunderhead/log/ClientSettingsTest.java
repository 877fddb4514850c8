package io.thunderhead.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            "h:1", Map.of("compression.type", "zstd", "sasl.mechanism", "PLAIN", "own.key", "x"));
    assertThat(settings.producer("p")).containsEntry("compression.type", "zstd");
    assertThat(settings.consumer("c")).doesNotContainKey("compression.type");
    assertThat(settings.consumer("c")).containsEntry("sasl.mechanism", "PLAIN");
    assertThat(settings.admin("a")).containsEntry("own.key", "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acks", "enable.idempotence", "enable.auto.commit", "bootstrap.servers"})
  void extra_thatWouldBreakAGuarantee_isRefusedByName(String name) {
    assertThatThrownBy(() -> new ClientSettings("h:1", Map.of(name, "0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
