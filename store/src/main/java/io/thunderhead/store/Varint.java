package io.thunderhead.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Protobuf's numbers of seven bits a byte, eight bytes at a time. Of positive longs only, which
 * take at most nine bytes.
 *
 * <pre>
 *  300 = 10 0101100   ▶   1_0101100 0_0000010   (1: another byte follows)
 * </pre>
 */
final class Varint {
  static final int MAX_BYTES = 9;

  /** Bytes beyond a number that {@link #put} may overwrite, and {@link #get} read. */
  static final int SLACK = 8;

  private static final long MORE = 0x8080_8080_8080_8080L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Varint() {}

  /** How many bytes the shortest form of a number has. */
  static int width(long value) {
    return (Long.SIZE - 1 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
  }

  /** How many bytes the number here has; 0 when it ends too late. */
  static int width(byte[] bytes, int at, int end) {
    if (at + MAX_BYTES <= end) {
      long last = ~(long) LONG.get(bytes, at) & MORE;
      if (last != 0) {
        return Long.numberOfTrailingZeros(last) / Byte.SIZE + 1;
      }
      return bytes[at + Long.BYTES] >= 0 ? MAX_BYTES : 0;
    }
    int most = end - at;
    for (int i = 0; i < most; i++) {
      if (bytes[at + i] >= 0) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The number of so many bytes here. */
  static long get(byte[] bytes, int at, int width) {
    if (at + SLACK > bytes.length) {
      long value = 0;
      for (int i = width - 1; i >= 0; i--) {
        value = value << 7 | (bytes[at + i] & 0x7F);
      }
      return value;
    }
    long word = (long) LONG.get(bytes, at) & ~MORE;
    if (width >= Long.BYTES) {
      return packed(word) | (width == MAX_BYTES ? (long) bytes[at + Long.BYTES] << 56 : 0);
    }
    return packed(word & ((1L << (width * Byte.SIZE)) - 1));
  }

  /** The number that ends by itself here, with {@link #SLACK} behind it. */
  static long get(byte[] bytes, int at) {
    long last = ~(long) LONG.get(bytes, at) & MORE;
    return get(bytes, at, last == 0 ? MAX_BYTES : Long.numberOfTrailingZeros(last) / Byte.SIZE + 1);
  }

  /** Writes a number; where it ends. */
  static int put(byte[] bytes, int at, long value) {
    int width = width(value);
    long more = width > Long.BYTES ? MORE : MORE & ((1L << ((width - 1) * Byte.SIZE)) - 1);
    LONG.set(bytes, at, spread(value) | more);
    if (width > Long.BYTES) {
      bytes[at + Long.BYTES] = (byte) (value >>> 56);
    }
    return at + width;
  }

  /** Eight groups of seven bits, each in a byte, to 56 bits in a row. */
  private static long packed(long spread) {
    long x = spread;
    x = (x & 0x007F_007F_007F_007FL) | ((x & 0x7F00_7F00_7F00_7F00L) >>> 1);
    x = (x & 0x0000_3FFF_0000_3FFFL) | ((x & 0x3FFF_0000_3FFF_0000L) >>> 2);
    return (x & 0x0000_0000_0FFF_FFFFL) | ((x & 0x0FFF_FFFF_0000_0000L) >>> 4);
  }

  /** The inverse of {@link #packed}. */
  private static long spread(long packed) {
    long x = packed & 0x00FF_FFFF_FFFF_FFFFL;
    x = (x & 0x0000_0000_0FFF_FFFFL) | ((x & 0x00FF_FFFF_F000_0000L) << 4);
    x = (x & 0x0000_3FFF_0000_3FFFL) | ((x & 0x0FFF_C000_0FFF_C000L) << 2);
    return (x & 0x007F_007F_007F_007FL) | ((x & 0x3F80_3F80_3F80_3F80L) << 1);
  }
}
