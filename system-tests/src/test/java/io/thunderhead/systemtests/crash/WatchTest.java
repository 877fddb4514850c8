package io.thunderhead.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the suite makes of the watcher's lines; a stall is planted. */
final class WatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Watch watch = new Watch();
  private final List<String> breaches = new ArrayList<>();

  private static JsonNode line(long atMs, long done, long end, long asOfMs) throws Exception {
    return JSON.readTree(
        "{\"at\":%d,\"lag\":{\"g\":{\"0\":[%d,%d],\"1\":[5,5]}},\"probe\":{\"lastAsOfMs\":%d}}"
            .formatted(atMs, done, end, asOfMs));
  }

  @Test
  void isThrough_withNothingLeftTwiceAndAFreshAnswer() throws Exception {
    assertThat(watch.isThrough(line(1_000, 9, 10, 2_000), 500, breaches)).isFalse();
    assertThat(watch.isThrough(line(1_500, 10, 10, 2_000), 500, breaches)).isFalse();
    assertThat(watch.isThrough(line(2_000, 10, 10, 2_000), 500, breaches)).isTrue();
    assertThat(breaches).isEmpty();
  }

  @Test
  void isThrough_withAnAnswerFromBefore_orWithoutABroker_isNot() throws Exception {
    JsonNode away = JSON.readTree("{\"at\":3000,\"lag\":null,\"probe\":{\"lastAsOfMs\":9000}}");
    for (int i = 1; i <= 3; i++) {
      assertThat(watch.isThrough(line(1_000L * i, 10, 10, 400), 500, breaches)).isFalse();
    }
    assertThat(watch.isThrough(away, 500, breaches)).isFalse();
    assertThat(watch.isThrough(null, 500, breaches)).isFalse();
  }

  @Test
  void partition_thatStandsStillWithSomethingToRead_isABreach() throws Exception {
    watch.isThrough(line(1_000, 9, 10, 0), 500, breaches);
    watch.isThrough(line(30_000, 9, 12, 0), 500, breaches);
    assertThat(breaches).isEmpty();
    watch.isThrough(line(32_000, 9, 12, 0), 500, breaches);
    assertThat(breaches).singleElement().asString().startsWith("I11 g/0 has not moved");
  }

  @Test
  void partition_thatMoves_orHasNothingToRead_isNone() throws Exception {
    for (int i = 1; i <= 10; i++) {
      watch.isThrough(line(20_000L * i, i, 100, 0), 500, breaches);
    }
    for (int i = 11; i <= 20; i++) {
      watch.isThrough(line(20_000L * i, 100, 100, 0), 500, breaches);
    }
    assertThat(breaches).isEmpty();
  }
}
