package io.thunderhead.pipeline.edge;

import io.thunderhead.protocol.v1.Activity;

/** What became of one record. */
public sealed interface ParsedRecord {
  /** A post, a share or a delete. */
  record Accepted(Activity activity) implements ParsedRecord {}

  /** A sound record that is of no interest here. */
  record Filtered(FilterReason reason) implements ParsedRecord {}

  /** A record that can't be understood. */
  record Malformed(RecordFault fault) implements ParsedRecord {}
}
