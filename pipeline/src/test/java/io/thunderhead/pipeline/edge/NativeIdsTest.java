package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeIdsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 9, 10, 12345678901234567L, Long.MAX_VALUE})
  void toLong_ofANumber_isTheNumber(long number) {
    assertThat(NativeIds.toLong(Long.toString(number))).isEqualTo(number);
  }

  /** The values are what {@code printf %s ID | sha256sum} begins with, without the sign bit. */
  @ParameterizedTest
  @CsvSource({
    "0, 6912158355717386040",
    "07, 1851261658264356370",
    "-1, 1994368463219536380",
    "9223372036854775808, 5026750492948150819",
    "did:plc:abc, 3508872292855148867",
    "at://did:plc:abc/app.bsky.feed.post/3k, 3196603336864014984"
  })
  void toLong_ofAnythingElse_isItsHash(String nativeId, long expected) {
    assertThat(NativeIds.toLong(nativeId)).isEqualTo(expected);
  }

  @Test
  void toLong_ofNothing_isAnError() {
    assertThatThrownBy(() -> NativeIds.toLong("")).isInstanceOf(IllegalArgumentException.class);
  }
}
