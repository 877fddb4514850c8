package io.thunderhead.log.write;

/**
 * Writes ids as record keys: decimal, UTF-8. The array is reused by the next key of the same
 * length, so it must be used up before; not thread-safe, allocates nothing.
 */
public final class DecimalKey {
  private static final int MAX_DIGITS = 19;

  private final byte[][] byLength = new byte[MAX_DIGITS + 1][];

  public DecimalKey() {
    for (int length = 1; length <= MAX_DIGITS; length++) {
      byLength[length] = new byte[length];
    }
  }

  /**
   * The key of an id, valid until the next of the same length.
   *
   * @param id zero or above
   */
  public byte[] of(long id) {
    if (id < 0) {
      throw new IllegalArgumentException("id must not be negative: " + id);
    }
    int length = 1;
    for (long rest = id / 10; rest > 0; rest /= 10) {
      length++;
    }
    byte[] key = byLength[length];
    long rest = id;
    for (int at = length - 1; at >= 0; at--) {
      key[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return key;
  }
}
