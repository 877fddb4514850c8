package io.thunderhead.pipeline.transform;

import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.protocol.RejectReason;
import java.util.HashMap;
import java.util.Map;

/** What became of the events of one batch; reused by its thread, becomes a ledger at the end. */
final class BatchCounts {
  private final Tallies<FilterReason> filtered = new Tallies<>(FilterReason.class);
  private final Tallies<RejectReason> dead = new Tallies<>(RejectReason.class);
  private long read;
  private long written;

  void written() {
    read++;
    written++;
  }

  void filtered(FilterReason reason) {
    read++;
    filtered.add(reason);
  }

  void deadLettered(RejectReason reason) {
    read++;
    dead.add(reason);
  }

  /** The counts since the last call. */
  LedgerCounts take() {
    Map<String, Long> counts = new HashMap<>();
    put(counts, LedgerCounts.READ, read);
    put(counts, LedgerCounts.WRITTEN, written);
    filtered.take((reason, n) -> put(counts, LedgerCounts.filtered(reason.label()), n));
    dead.take((reason, n) -> put(counts, LedgerCounts.dead(reason.label()), n));
    read = 0;
    written = 0;
    return LedgerCounts.of(counts);
  }

  private static void put(Map<String, Long> counts, String name, long count) {
    if (count > 0) {
      counts.put(name, count);
    }
  }
}
