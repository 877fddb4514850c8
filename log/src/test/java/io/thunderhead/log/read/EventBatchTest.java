package io.thunderhead.log.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.PackedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventBatchTest {
  @Test
  void next_plainPackedAndMixed_givesEachEventItsAddress() {
    assertThat(
            read(List.of(plain(7, "a"), packed(8, "b", "c", ""), plain(9, "d"), packed(10, "e"))))
        .containsExactly("7.0=a", "8.0=b", "8.1=c", "8.2=", "9.0=d", "10.0=e");
  }

  @Test
  void next_nullAndBrokenRecords_areOneStepEachAndTheRestGoesOn() {
    ConsumerRecord<byte[], byte[]> flipped = packed(2, "b", "c");
    flipped.value()[2] ^= 1;
    ConsumerRecord<byte[], byte[]> unknown = plain(3, "d");
    unknown.headers().add(PackedRecord.HEADER, new byte[] {'9'});
    ConsumerRecord<byte[], byte[]> nullPacked = record(5, null);
    nullPacked.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    ConsumerRecord<byte[], byte[]> empty = record(6, new byte[0]);
    empty.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());

    assertThat(
            read(
                List.of(
                    plain(0, "a"),
                    record(1, null),
                    flipped,
                    unknown,
                    packed(4, "e"),
                    nullPacked,
                    empty,
                    plain(7, "z"))))
        .containsExactly(
            "0.0=a",
            "1.0 null",
            "2.0 bad_pack_checksum",
            "3.0 unknown_packing",
            "4.0=e",
            "5.0 null",
            "6.0 bad_pack_frame",
            "7.0=z");
  }

  private static List<String> read(List<ConsumerRecord<byte[], byte[]>> records) {
    EventBatch batch = new EventBatch(3).wrap(records, 0);
    List<String> seen = new ArrayList<>();
    while (batch.next()) {
      String address = batch.recordOffset() + "." + batch.recordIndex();
      var malformed = batch.malformed();
      if (malformed != null) {
        seen.add(address + " " + malformed.label());
      } else if (batch.isNull()) {
        seen.add(address + " null");
      } else {
        seen.add(
            address
                + "="
                + new String(
                    batch.bytes(), batch.offset(), batch.length(), StandardCharsets.UTF_8));
      }
    }
    return seen;
  }

  private static ConsumerRecord<byte[], byte[]> plain(long offset, String event) {
    return record(offset, event.getBytes(StandardCharsets.UTF_8));
  }

  private static ConsumerRecord<byte[], byte[]> packed(long offset, String... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(100, 10_000);
    for (String event : events) {
      byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
      packer.add(bytes, 0, bytes.length);
    }
    ConsumerRecord<byte[], byte[]> record = record(offset, packer.toRecord());
    record.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    return record;
  }

  @SuppressWarnings("NullAway") // Kafka's constructor takes null for a record without a value.
  private static ConsumerRecord<byte[], byte[]> record(long offset, byte @Nullable [] value) {
    return new ConsumerRecord<>("t", 3, offset, null, value);
  }
}
