package io.thunderhead.log.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.log.write.ProducerSettings.QueueFull;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProducerSettingsTest {
  @Test
  void defaults_arePinned() {
    assertThat(ProducerSettings.defaults())
        .isEqualTo(
            new ProducerSettings(
                ProducerSettings.Type.ASYNC,
                1,
                50_000,
                16 << 20,
                QueueFull.BLOCK,
                4_000,
                Duration.ofMillis(50),
                100,
                64 << 10,
                1 << 20,
                "\n",
                false,
                "none",
                Map.of(),
                null,
                null));
  }

  @Test
  void of_readsEveryName() {
    ProducerSettings settings =
        ProducerSettings.of(
            Map.ofEntries(
                Map.entry("producer.type", "sync"),
                Map.entry("producer.lanes", "2"),
                Map.entry("queue.max.events", "3"),
                Map.entry("queue.max.bytes", "4"),
                Map.entry("queue.full", "fail"),
                Map.entry("batch.max.events", "5"),
                Map.entry("linger.ms", "6"),
                Map.entry("pack.max.events", "7"),
                Map.entry("pack.max.bytes", "8"),
                Map.entry("record.max.bytes", "900"),
                Map.entry("pack.delimiter", ";"),
                Map.entry("dead.letters", "true"),
                Map.entry("compression.codec", "lz4"),
                Map.entry("compression.codec.text", "zstd"),
                Map.entry("event.handler", "a.B"),
                Map.entry("callback.handler", "a.C")));
    assertThat(settings)
        .isEqualTo(
            new ProducerSettings(
                ProducerSettings.Type.SYNC,
                2,
                3,
                4,
                QueueFull.FAIL,
                5,
                Duration.ofMillis(6),
                7,
                8,
                900,
                ";",
                true,
                "lz4",
                Map.of("text", "zstd"),
                "a.B",
                "a.C"));
    assertThat(settings.codec("text")).isEqualTo("zstd");
    assertThat(settings.codec("other")).isEqualTo("lz4");
  }

  @ParameterizedTest
  @CsvSource({
    "producer.type, both",
    "producer.lanes, 0",
    "producer.lanes, 65",
    "producer.lanes, two",
    "queue.max.events, 0",
    "queue.max.bytes, 0",
    "queue.full, drop",
    "batch.max.events, 0",
    "linger.ms, -1",
    "pack.max.events, 0",
    "pack.max.bytes, 0",
    "record.max.bytes, 160",
    "pack.delimiter, ''",
    "compression.codec, brotli",
    "compression.codec.text, brotli",
    "produce.lanes, 1",
  })
  void of_whatItCannotUse_namesIt(String name, String value) {
    assertThatThrownBy(() -> ProducerSettings.of(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
