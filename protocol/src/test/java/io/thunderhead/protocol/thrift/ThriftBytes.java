package io.thunderhead.protocol.thrift;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes the binary protocol by hand, well or badly formed: what no library would write. */
final class ThriftBytes {
  static final int STOP = 0;
  static final int VOID = 1;
  static final int BOOL = 2;
  static final int BYTE = 3;
  static final int DOUBLE = 4;
  static final int I16 = 6;
  static final int I32 = 8;
  static final int I64 = 10;
  static final int STRING = 11;
  static final int STRUCT = 12;
  static final int MAP = 13;
  static final int SET = 14;
  static final int LIST = 15;
  static final int UUID = 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static ThriftBytes thrift() {
    return new ThriftBytes();
  }

  /** The start of a create's core data, whose fields come next; {@link #endCreate} ends it. */
  static ThriftBytes coreData() {
    return thrift().data().field(STRUCT, 1).field(STRUCT, 1).i64(1, 10).field(STRUCT, 2);
  }

  ThriftBytes endCreate() {
    return stop(5);
  }

  ThriftBytes data() {
    return field(STRUCT, 1);
  }

  ThriftBytes field(int type, int id) {
    out.write(type);
    out.write(id >>> 8);
    out.write(id);
    return this;
  }

  ThriftBytes i64(int id, long value) {
    return field(I64, id).bytes(ByteBuffer.allocate(8).putLong(value).array());
  }

  ThriftBytes i32(int value) {
    return bytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  ThriftBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  ThriftBytes bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  ThriftBytes stop(int structs) {
    for (int i = 0; i < structs; i++) {
      out.write(STOP);
    }
    return this;
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
