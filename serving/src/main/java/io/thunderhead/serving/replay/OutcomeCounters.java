package io.thunderhead.serving.replay;

import io.thunderhead.protocol.RejectReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts outcomes by phase. A reader counts a batch in an array of its own and adds it as a whole,
 * so that counting an event is one addition.
 */
@SuppressWarnings("EnumOrdinal") // Slots of an array that never leaves the process.
final class OutcomeCounters {
  private static final ReplayOutcome[] OUTCOMES = ReplayOutcome.values();
  private static final RejectReason[] REASONS = RejectReason.values();

  /** Slots of one phase: the outcomes, then the reasons of the malformed. */
  static final int SLOTS = OUTCOMES.length + REASONS.length;

  private final AtomicLongArray replayed = new AtomicLongArray(SLOTS);
  private final AtomicLongArray live = new AtomicLongArray(SLOTS);

  static int slot(RejectReason reason) {
    return OUTCOMES.length + reason.ordinal();
  }

  /** Adds a batch's counts and sets them to zero. */
  void add(long[] batch, boolean wasLive) {
    AtomicLongArray counters = wasLive ? live : replayed;
    for (int i = 0; i < SLOTS; i++) {
      if (batch[i] != 0) {
        counters.addAndGet(i, batch[i]);
        batch[i] = 0;
      }
    }
  }

  ReplayCounts snapshot() {
    return new ReplayCounts(part(replayed), part(live));
  }

  private static ReplayCounts.Part part(AtomicLongArray counters) {
    Map<ReplayOutcome, Long> outcomes = new EnumMap<>(ReplayOutcome.class);
    for (ReplayOutcome outcome : OUTCOMES) {
      outcomes.put(outcome, counters.get(outcome.ordinal()));
    }
    Map<RejectReason, Long> malformed = new EnumMap<>(RejectReason.class);
    for (RejectReason reason : REASONS) {
      long count = counters.get(slot(reason));
      if (count > 0) {
        malformed.put(reason, count);
      }
    }
    return new ReplayCounts.Part(outcomes, malformed);
  }
}
