package io.thunderhead.serving.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** A section that is being filled; grows to what is put in, and is used again. */
final class SectionBuffer {
  private final int type;
  private byte[] bytes = new byte[1 << 12];
  private int at = SnapshotFormat.HEAD_BYTES;
  private int items;

  SectionBuffer(int type) {
    this.type = type;
  }

  int at() {
    return at;
  }

  int items() {
    return items;
  }

  boolean isFull() {
    return at - SnapshotFormat.HEAD_BYTES >= SnapshotFormat.SECTION_BYTES;
  }

  void countItem() {
    items++;
  }

  SectionBuffer putByte(int value) {
    room(1);
    bytes[at++] = (byte) value;
    return this;
  }

  SectionBuffer putInt(int value) {
    room(4);
    SnapshotFormat.putInt(bytes, at, value);
    at += 4;
    return this;
  }

  SectionBuffer putLong(long value) {
    room(8);
    SnapshotFormat.putLong(bytes, at, value);
    at += 8;
    return this;
  }

  SectionBuffer putBytes(byte[] source, int offset, int length) {
    room(length);
    System.arraycopy(source, offset, bytes, at, length);
    at += length;
    return this;
  }

  /** Overwrites what was put at this place before. */
  void setInt(int place, int value) {
    SnapshotFormat.putInt(bytes, place, value);
  }

  /** Writes the section and empties it; how many bytes it took. */
  int writeTo(WritableByteChannel out) throws IOException {
    int length = at - SnapshotFormat.HEAD_BYTES;
    SnapshotFormat.putInt(bytes, 0, type);
    SnapshotFormat.putInt(bytes, 4, items);
    SnapshotFormat.putInt(bytes, 8, length);
    SnapshotFormat.putInt(bytes, 12, SnapshotFormat.checksum(bytes, length));
    ByteBuffer whole = ByteBuffer.wrap(bytes, 0, at);
    int written = at;
    while (whole.hasRemaining()) {
      out.write(whole);
    }
    at = SnapshotFormat.HEAD_BYTES;
    items = 0;
    return written;
  }

  private void room(int count) {
    if (at + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + count, bytes.length * 2));
    }
  }
}
