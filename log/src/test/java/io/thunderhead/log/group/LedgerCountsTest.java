package io.thunderhead.log.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LedgerCountsTest {
  private static final int BROKER_LIMIT = 4096;

  @Test
  void format_isReadBackAsItWas() {
    LedgerCounts counts =
        LedgerCounts.startingAt(7)
            .plus(
                LedgerCounts.of(
                    Map.of("read", 4L, "written", 2L, "filtered.nullcast", 1L, "dead.no_id", 1L)));
    assertThat(counts.format())
        .isEqualTo("dead.no_id=1;filtered.nullcast=1;from=7;read=4;written=2");
    assertThat(LedgerCounts.parse(counts.format())).isEqualTo(counts);
    assertThat(counts.addsUp()).isTrue();
    assertThat(counts.filtered()).isEqualTo(1);
    assertThat(counts.deadLettered()).isEqualTo(1);
  }

  @Test
  void plus_keepsWhereCountingBegan() {
    LedgerCounts sum = LedgerCounts.startingAt(5).plus(LedgerCounts.of(Map.of("read", 3L)));
    assertThat(sum.get("from")).isEqualTo(5);
    assertThat(sum.addsUp()).isFalse();
  }

  @Test
  void parse_keepsNamesItDoesNotKnow() {
    assertThat(LedgerCounts.parse("later=3;read=1").get("later")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "read", "read=", "read=-1", "read=1;read=2", "READ=1", "read=1;", "=1"})
  void parse_ofAnythingElse_isRefused(String metadata) {
    assertThatThrownBy(() -> LedgerCounts.parse(metadata))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void format_ofTheLargestLedger_fitsTheBroker() {
    Map<String, Long> counts = new HashMap<>();
    for (int i = 0; i < LedgerCounts.MAX_NAMES; i++) {
      counts.put(
          ("n" + i + "_").repeat(20).substring(0, LedgerCounts.MAX_NAME_LENGTH), Long.MAX_VALUE);
    }
    assertThat(counts).hasSize(LedgerCounts.MAX_NAMES);
    assertThat(LedgerCounts.of(counts).format().length()).isLessThan(BROKER_LIMIT);
    counts.put("one_more", 1L);
    assertThatThrownBy(() -> LedgerCounts.of(counts)).isInstanceOf(IllegalArgumentException.class);
  }
}
