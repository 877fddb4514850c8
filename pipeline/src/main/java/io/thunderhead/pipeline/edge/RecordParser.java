package io.thunderhead.pipeline.edge;

/**
 * Makes an activity of one record of a publisher's format. A parser keeps nothing from record to
 * record, so that any number of threads can share one, and never fails otherwise than by saying so.
 */
public interface RecordParser {
  /** Parses the record that is exactly the {@code length} bytes from the start of {@code line}. */
  ParsedRecord parse(byte[] line, int length);
}
