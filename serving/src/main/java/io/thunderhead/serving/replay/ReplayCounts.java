package io.thunderhead.serving.replay;

import io.thunderhead.protocol.RejectReason;
import java.util.Map;

/**
 * What became of all events so far: those that lay in the log when reading began, and those logged
 * since. The sum of a part's outcomes is the number of its events that were read.
 */
public record ReplayCounts(Part replayed, Part live) {

  /**
   * The counts of one part.
   *
   * @param outcomes how many events had each outcome; every outcome is there
   * @param malformed the malformed ones by reason; only reasons that occurred
   */
  public record Part(Map<ReplayOutcome, Long> outcomes, Map<RejectReason, Long> malformed) {
    public Part {
      outcomes = Map.copyOf(outcomes);
      malformed = Map.copyOf(malformed);
    }

    public long of(ReplayOutcome outcome) {
      return outcomes.getOrDefault(outcome, 0L);
    }

    /** All events of this part. */
    public long total() {
      return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
