package io.thunderhead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedRecordTest {
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();

  @Test
  void toRecord_hasTheContractsForm() {
    PackedRecord.Packer packer = new PackedRecord.Packer(10, 1000);
    packer.add("xabcx".getBytes(UTF_8), 1, 3);
    packer.add("d".getBytes(UTF_8), 0, 1);
    byte[] record = packer.toRecord();
    assertThat(HexFormat.of().formatHex(record, 0, 7)).isEqualTo("02036162630164");
    CRC32C crc = new CRC32C();
    crc.update(record, 0, 7);
    assertThat(ByteBuffer.wrap(record, 7, 4).getInt()).isEqualTo((int) crc.getValue());
    assertThat(record).hasSize(packer.sizeBytes()).hasSize(11);
  }

  @Test
  void unpack_ofRandomEvents_givesThemBack() throws Exception {
    Random random = new Random(1);
    PackedRecord.Packer packer = new PackedRecord.Packer(300, 1 << 20);
    for (int round = 0; round < 200; round++) {
      List<byte[]> events = new ArrayList<>();
      int count = 1 + random.nextInt(round % 10 == 0 ? 300 : 20);
      for (int i = 0; i < count; i++) {
        byte[] event = new byte[random.nextInt(random.nextInt(20) == 0 ? 3000 : 150)];
        random.nextBytes(event);
        events.add(event);
        packer.add(event, 0, event.length);
      }
      byte[] record = packer.toRecord();
      packer.clear();
      assertThat(unpack(record))
          .usingElementComparator(Arrays::compare)
          .containsExactlyElementsOf(events);
    }
  }

  @Test
  void fits_holdsBothLimitsToTheByte() {
    PackedRecord.Packer packer = new PackedRecord.Packer(3, 20);
    assertThat(packer.fits(14)).isTrue();
    assertThat(packer.fits(15)).isFalse();
    packer.add(new byte[4], 0, 4);
    packer.add(new byte[4], 0, 4);
    assertThat(packer.sizeBytes()).isEqualTo(15);
    assertThat(packer.fits(4)).isTrue();
    assertThat(packer.fits(5)).isFalse();
    assertThatThrownBy(() -> packer.add(new byte[5], 0, 5))
        .isInstanceOf(IllegalStateException.class);
    packer.add(new byte[4], 0, 4);
    assertThat(packer.toRecord()).hasSize(20);
    assertThat(packer.fits(0)).isFalse();
    packer.clear();
    assertThat(packer.events()).isZero();
    assertThat(packer.sizeBytes()).isZero();
    assertThatThrownBy(packer::toRecord).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void wrap_withAnyBitFlipped_isRejected() throws Exception {
    byte[] record = pack("one", "two", "three");
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] broken = record.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(reasonOf(broken)).isEqualTo(RejectReason.BAD_PACK_CHECKSUM);
    }
  }

  @Test
  void wrap_cutShortAnywhere_isRejected() {
    byte[] record = pack("one", "two", "three");
    for (int length = 0; length < record.length; length++) {
      assertThat(reasonOf(Arrays.copyOf(record, length))).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // no count
        "00", // count 0
        "0000", // count 0 and a byte
        "03016101", // more events than bytes can hold
        "ffffffff0f0161", // count beyond an int
        "ffffffff070161", // the largest count
        "808080808000", // a count of six bytes
        "0180", // a length cut short
        "0102", // a length beyond the record
        "01ffffffff07", // the largest length
        "01ffffffffff7f", // a length of too many bytes
        "020161", // the second event is missing
        "0101616263", // bytes after the last event
      })
  void wrap_ofABrokenFrameWithAGoodChecksum_isRejected(String hex) {
    assertThat(reasonOf(withChecksum(HexFormat.of().parseHex(hex))))
        .isEqualTo(RejectReason.BAD_PACK_FRAME);
    assertThat(unpacker.next()).isFalse();
  }

  @Test
  void wrap_ofRandomBytes_neverFailsOtherwise() throws Exception {
    Random random = new Random(2);
    int good = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] body = new byte[random.nextInt(12)];
      for (int i = 0; i < body.length; i++) {
        body[i] = (byte) (random.nextInt(10) == 0 ? random.nextInt(256) : random.nextInt(4));
      }
      byte[] record = withChecksum(body);
      if (reasonOf(record) == null) {
        good++;
        unpacker.wrap(record);
        int walked = 0;
        while (unpacker.next()) {
          assertThat(unpacker.offset() + unpacker.length()).isLessThanOrEqualTo(body.length);
          assertThat(unpacker.index()).isEqualTo(walked++);
        }
        assertThat(walked).isEqualTo(unpacker.count());
      }
    }
    assertThat(good).isGreaterThan(100);
  }

  @Test
  void isKnownHeaderValue_isOnlyOurs() {
    assertThat(PackedRecord.isKnownHeaderValue(PackedRecord.headerValue())).isTrue();
    assertThat(PackedRecord.isKnownHeaderValue(new byte[] {'2'})).isFalse();
    assertThat(PackedRecord.isKnownHeaderValue(new byte[] {'1', '1'})).isFalse();
    assertThat(PackedRecord.isKnownHeaderValue(new byte[0])).isFalse();
  }

  private static byte[] pack(String... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(100, 10_000);
    for (String event : events) {
      packer.add(event.getBytes(UTF_8), 0, event.length());
    }
    return packer.toRecord();
  }

  private List<byte[]> unpack(byte[] record) throws MalformedEventException {
    List<byte[]> events = new ArrayList<>();
    unpacker.wrap(record);
    while (unpacker.next()) {
      int from = unpacker.offset();
      events.add(Arrays.copyOfRange(record, from, from + unpacker.length()));
    }
    return events;
  }

  private @Nullable RejectReason reasonOf(byte[] record) {
    try {
      unpacker.wrap(record);
      return null;
    } catch (MalformedEventException e) {
      return e.reason();
    }
  }

  private static byte[] withChecksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return ByteBuffer.allocate(body.length + 4).put(body).putInt((int) crc.getValue()).array();
  }
}
