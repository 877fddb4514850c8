package io.thunderhead.pipeline.edge.firehose;

/**
 * What a connection brought.
 *
 * @param bytes holds the record from 0 to {@code length}; of one too long only the beginning
 * @param fullLength how long it was on its way
 * @param cursor where a new connection would go on after it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record Frame(Kind kind, byte[] bytes, int length, long fullLength, long cursor) {
  private static final byte[] NOTHING = {};

  /** What is in the frame. */
  public enum Kind {
    /** One record. */
    RECORD,
    /** Nothing but a sign of life. */
    HEARTBEAT,
    /** The beginning of a record that is longer than the limit. */
    TOO_LONG,
    /** What came before the connection ended, which may be half a record. */
    UNTERMINATED,
    /** Bytes that could not be decompressed. */
    UNDECODABLE
  }

  static Frame heartbeat(long cursor) {
    return new Frame(Kind.HEARTBEAT, NOTHING, 0, 0, cursor);
  }
}
