package io.thunderhead.pipeline.edge.firehose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-25T12:00:00Z"));

  private final BackOff backOff = new BackOff(ReconnectRules.defaults(), new SplittableRandom(1));

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "429, 7, 7000, 7000",
        "503, 7, 7000, 7000",
        "429, 999999, 900000, 900000",
        "'429', 'Wed, 25 Nov 2026 12:00:30 GMT', 30000, 30000",
        "'429', 'Wed, 25 Nov 2026 11:00:00 GMT', 0, 0",
        "429, soon, 30000, 60000",
        "420, none, 30000, 60000",
        "500, none, 500, 1000",
      })
  void after_anAnswerThatIsNoStream_waitsAsItAsks_orAsItsKindWants(
      int status, @Nullable String retryAfter, long leastMs, long mostMs) {
    assertThat(waitMs(status, retryAfter)).isBetween(leastMs, mostMs);
  }

  @Test
  void after_failuresInARow_doublesUpToItsLimit_andBeginsAnewWithARecord() {
    long[] most = {250, 500, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000};
    for (long ms : most) {
      assertThat(backOff.after(new IOException("cut")).toMillis()).isBetween(ms / 2, ms);
    }
    backOff.reset();
    assertThat(backOff.after(new IOException("cut"))).isLessThanOrEqualTo(Duration.ofMillis(250));
  }

  @ParameterizedTest
  @CsvSource({"401", "403", "400", "404", "405", "406", "410"})
  void failure_thatTryingAgainDoesNotMend_isARefusal(int status) {
    assertThat(HttpStatus.failure("http://a/", status, null, CLOCK))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("HTTP " + status);
  }

  private long waitMs(int status, @Nullable String retryAfter) {
    return backOff.after(HttpStatus.failure("http://a/", status, retryAfter, CLOCK)).toMillis();
  }
}
