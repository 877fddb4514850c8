package io.thunderhead.pipeline.edge;

import java.util.Locale;

/**
 * Why a record can't be understood: the closed set that malformed lines and the edge's dead letters
 * are counted by.
 */
public enum RecordFault {
  /** A line longer than the limit. */
  LINE_TOO_LONG,
  /** No line of any format that is known here. */
  UNKNOWN_FORMAT,
  /** Not one JSON object in UTF-8. */
  NOT_JSON,
  /** Not four fields as the format has them. */
  NOT_A_ROW,
  /** Neither a verb nor an operation. */
  NO_VERB,
  /** No id of a post. */
  NO_ID,
  /** An id of zero or below, or one that is none. */
  BAD_ID,
  /** A post or a share without an author. */
  NO_AUTHOR,
  /** A post or a share without a time, or with one that can't be read or is before 1970. */
  NO_CREATED_AT,
  /** A share that doesn't say of what. */
  NO_SOURCE,
  /** Bytes that are no UTF-8; counted apart from other broken JSON by the edge only. */
  INVALID_UTF8,
  /** A post or a share from further in the future than clocks may differ. */
  CREATED_IN_FUTURE,
  /** What was left of a record when its connection was cut. */
  CUT_SHORT,
  /** A compressed frame that the dictionary does not open. */
  NOT_ZSTD,
  /** An activity that its topic takes at no size. */
  TOO_LARGE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The fault as metrics name it: snake_case. */
  public String label() {
    return label;
  }
}
