package io.thunderhead.protocol.event;

import java.util.Arrays;

/**
 * A reused buffer for one message of varint fields with numbers below 16. Fields of zero are left
 * out, as proto3 has it; it has room for as many fields as our messages have.
 */
final class ProtoOutput {
  private static final int CAPACITY = 128;

  private final byte[] buffer = new byte[CAPACITY];
  private int length;

  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  /** Starts a message that is the field {@code number} of another one. */
  void start(int number) {
    buffer[0] = (byte) (number << 3 | ProtoInput.LENGTH);
    length = 2;
  }

  void putLong(int number, long value) {
    if (value == 0) {
      return;
    }
    buffer[length++] = (byte) (number << 3 | ProtoInput.VARINT);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  void putBool(int number, boolean value) {
    if (value) {
      buffer[length++] = (byte) (number << 3 | ProtoInput.VARINT);
      buffer[length++] = 1;
    }
  }

  /** Ends the message by putting its length, always one byte, into its place. */
  int end() {
    buffer[1] = (byte) (length - 2);
    return length;
  }
}
