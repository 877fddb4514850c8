package io.thunderhead.pipeline.edge;

import java.util.Map;

/**
 * What became of the lines read so far: lines = blank + parsed + filtered + malformed, the last two
 * summed over their reasons.
 *
 * @param lines all lines, the blank ones among them
 * @param blank lines with nothing or only white space
 * @param parsed lines that became an activity
 * @param filtered sound records of no interest, by reason
 * @param malformed lines that could not be understood, by fault
 */
public record RecordCounts(
    long lines,
    long blank,
    long parsed,
    Map<FilterReason, Long> filtered,
    Map<RecordFault, Long> malformed) {

  /** A copy that nobody can change. */
  public RecordCounts {
    filtered = Map.copyOf(filtered);
    malformed = Map.copyOf(malformed);
  }

  /** All filtered lines. */
  public long filteredTotal() {
    return filtered.values().stream().mapToLong(Long::longValue).sum();
  }

  /** All malformed lines. */
  public long malformedTotal() {
    return malformed.values().stream().mapToLong(Long::longValue).sum();
  }
}
