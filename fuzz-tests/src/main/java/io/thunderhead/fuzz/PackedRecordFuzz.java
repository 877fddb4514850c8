package io.thunderhead.fuzz;

import static io.thunderhead.fuzz.Bounds.same;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Packed records, as they come and with their checksum made right, which no fuzzer would guess.
 * What is accepted is packed again and must have the same events.
 */
public final class PackedRecordFuzz {
  private static final Bounds BOUNDS = new Bounds(4 << 10, 2);
  private static final PackedRecord.Unpacker RECORD = new PackedRecord.Unpacker();
  private static final PackedRecord.Unpacker AGAIN = new PackedRecord.Unpacker();

  private PackedRecordFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    one(input);
    one(sealed(input));
  }

  private static byte[] sealed(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return ByteBuffer.allocate(body.length + 4).put(body).putInt((int) crc.getValue()).array();
  }

  private static void one(byte[] input) throws Exception {
    boolean[] accepted = new boolean[1];
    BOUNDS.hold(input, () -> accepted[0] = isRead(input));
    if (accepted[0]) {
      packAgain(input);
    }
  }

  private static boolean isRead(byte[] input) {
    try {
      RECORD.wrap(input);
    } catch (MalformedEventException e) {
      return false;
    }
    int events = 0;
    while (RECORD.next()) {
      events++;
    }
    same("count", RECORD.count(), events);
    return true;
  }

  private static void packAgain(byte[] input) throws MalformedEventException {
    RECORD.wrap(input);
    PackedRecord.Packer packer = new PackedRecord.Packer(RECORD.count(), input.length);
    while (RECORD.next()) {
      packer.add(input, RECORD.offset(), RECORD.length());
    }
    byte[] again = packer.toRecord();
    RECORD.wrap(input);
    AGAIN.wrap(again);
    same("count", RECORD.count(), AGAIN.count());
    while (RECORD.next() && AGAIN.next()) {
      boolean equal =
          Arrays.equals(
              input,
              RECORD.offset(),
              RECORD.offset() + RECORD.length(),
              again,
              AGAIN.offset(),
              AGAIN.offset() + AGAIN.length());
      same("an event", true, equal);
    }
  }
}
