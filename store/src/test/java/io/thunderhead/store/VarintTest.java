package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VarintTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        127,
        128,
        300,
        16_383,
        16_384,
        (1L << 49) - 1,
        1L << 49,
        (1L << 56) - 1,
        1L << 56,
        0x0123_4567_89AB_CDEFL,
        0x5555_5555_5555_5555L,
        0x2AAA_AAAA_AAAA_AAAAL,
        Long.MAX_VALUE
      })
  void number_ofAnySize_isReadBackAsTheUsualBytes(long value) {
    byte[] bytes = new byte[30];
    Arrays.fill(bytes, (byte) 0xFF);
    int end = Varint.put(bytes, 3, value);
    assertThat(end - 3).isEqualTo(Varint.width(value));
    long rest = value;
    for (int at = 3; at < end - 1; at++) {
      assertThat(bytes[at]).isEqualTo((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    assertThat(bytes[end - 1]).isEqualTo((byte) rest);
    assertThat(Varint.width(bytes, 3, 30)).isEqualTo(end - 3);
    assertThat(Varint.get(bytes, 3)).isEqualTo(value);
    byte[] tight = Arrays.copyOfRange(bytes, 3, end);
    assertThat(Varint.get(tight, 0, tight.length)).isEqualTo(value);
    assertThat(Varint.width(tight, 0, tight.length - 1)).isZero();
  }
}
