package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.pipeline.edge.ParsedRecord;

/**
 * A record on its way from a connection's thread to the intake.
 *
 * @param connection which brought it
 * @param cursor where that connection goes on after it
 * @param letter the bytes to keep if it is malformed or refused; empty where the activity has them
 * @param fullLength how long the record was
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record Received(int connection, long cursor, ParsedRecord parsed, byte[] letter, long fullLength) {
  static final byte[] NO_LETTER = {};
  private static final int OVERHEAD_BYTES = 256;

  /** Roughly what it takes in memory. */
  long sizeBytes() {
    return switch (parsed) {
      case ParsedRecord.Accepted _ -> OVERHEAD_BYTES + 2 * fullLength + letter.length;
      case ParsedRecord.Filtered _ -> OVERHEAD_BYTES;
      case ParsedRecord.Malformed _ -> OVERHEAD_BYTES + letter.length;
    };
  }
}
