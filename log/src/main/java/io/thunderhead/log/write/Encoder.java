package io.thunderhead.log.write;

/**
 * Makes bytes of what an application sends. Called on any lane's thread, so it must be thread-safe.
 */
public interface Encoder<T> {
  /** The event exactly as it stands in the log; the array is not changed after. */
  byte[] encode(T data);

  /**
   * About how many bytes {@link #encode} gives, without encoding: what the queue's bound counts.
   */
  int sizeBytes(T data);

  /** For applications that send bytes. */
  static Encoder<byte[]> bytes() {
    return new Encoder<>() {
      @Override
      public byte[] encode(byte[] data) {
        return data;
      }

      @Override
      public int sizeBytes(byte[] data) {
        return data.length;
      }
    };
  }
}
