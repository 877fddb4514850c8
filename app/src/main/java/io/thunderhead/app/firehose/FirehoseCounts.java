package io.thunderhead.app.firehose;

import io.thunderhead.protocol.RejectReason;
import java.util.Map;

/**
 * What a firehose has made so far, by what must become of it: generated = written + filtered +
 * dead-lettered, where creates, deletes and quoted deletes are written, nullcast and other events
 * filtered, and malformed ones dead-lettered.
 *
 * @param creates creates but for the nullcast ones
 * @param deletes deletes
 * @param quotedDeletes quoted deletes
 * @param nullcast nullcast creates
 * @param other other events
 * @param malformed malformed events by the reason to reject them for
 */
public record FirehoseCounts(
    long creates,
    long deletes,
    long quotedDeletes,
    long nullcast,
    long other,
    Map<RejectReason, Long> malformed) {

  /** A copy that nobody can change. */
  public FirehoseCounts {
    malformed = Map.copyOf(malformed);
  }

  /** All events. */
  public long generated() {
    return written() + nullcast + other + malformedTotal();
  }

  /** The events that must come out of the transformer. */
  public long written() {
    return creates + deletes + quotedDeletes;
  }

  /** All malformed events. */
  public long malformedTotal() {
    return malformed.values().stream().mapToLong(Long::longValue).sum();
  }
}
