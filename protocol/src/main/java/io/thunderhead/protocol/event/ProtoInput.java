package io.thunderhead.protocol.event;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;

/**
 * Protobuf's wire format over a slice of an array, one field at a time. It takes and refuses the
 * same bytes as protobuf's own reader: varints of up to ten bytes, of which a tag or a length keeps
 * the low 32 bits, groups up to {@value #MAX_DEPTH} deep, no unmatched end of a group. Only a
 * varint of more than ten bytes is always refused here, where protobuf's Java reader sometimes ends
 * it at the tenth and takes the rest for a field.
 */
final class ProtoInput {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final int MAX_DEPTH = 100;
  private static final int MAX_VARINT_BITS = 64;
  private static final byte[] NOTHING = {};

  private byte[] src = NOTHING;
  private int position;
  private int limit;

  void wrap(byte[] src, int off, int len) {
    this.src = src;
    position = off;
    limit = off + len;
  }

  boolean atEnd() {
    return position == limit;
  }

  /** The next tag; its field number is above zero. */
  int readTag() throws MalformedEventException {
    int tag = (int) readVarint();
    if (tag >>> 3 == 0) {
      throw malformed("field number 0");
    }
    return tag;
  }

  long readVarint() throws MalformedEventException {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      if (position == limit) {
        throw malformed("a varint is cut short");
      }
      byte b = src[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a varint has more than ten bytes");
  }

  /** The length of the bytes that follow, all of which are there. */
  int readLength() throws MalformedEventException {
    int length = (int) readVarint();
    if (length < 0 || length > limit - position) {
      throw malformed("a length is out of bounds");
    }
    return length;
  }

  /** Narrows the input to the next {@code length} bytes; the answer goes to {@link #leave}. */
  int enter(int length) {
    int outer = limit;
    limit = position + length;
    return outer;
  }

  void leave(int outer) {
    limit = outer;
  }

  /** Skips the value of a field; {@code depth} is how many messages and groups are around it. */
  void skip(int tag, int depth) throws MalformedEventException {
    switch (tag & 7) {
      case VARINT -> readVarint();
      case FIXED64 -> skipBytes(8);
      case LENGTH -> skipBytes(readLength());
      case START_GROUP -> skipGroup(tag >>> 3, depth);
      case FIXED32 -> skipBytes(4);
      case END_GROUP -> throw malformed("the end of a group that was not started");
      default -> throw malformed("a wire type that doesn't exist");
    }
  }

  private void skipGroup(int number, int depth) throws MalformedEventException {
    if (depth >= MAX_DEPTH) {
      throw malformed("groups nested deeper than " + MAX_DEPTH);
    }
    while (true) {
      int tag = readTag();
      if ((tag & 7) == END_GROUP) {
        if (tag >>> 3 != number) {
          throw malformed("the end of another group");
        }
        return;
      }
      skip(tag, depth + 1);
    }
  }

  private void skipBytes(int count) throws MalformedEventException {
    if (count > limit - position) {
      throw malformed("a value is cut short");
    }
    position += count;
  }

  private static MalformedEventException malformed(String what) {
    return new MalformedEventException(RejectReason.NOT_PROTOBUF, "InNetworkEvent: " + what);
  }
}
