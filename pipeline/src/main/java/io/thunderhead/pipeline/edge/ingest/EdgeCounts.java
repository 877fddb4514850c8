package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.pipeline.edge.FilterReason;
import io.thunderhead.pipeline.edge.RecordFault;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of records:
 *
 * <pre>  received = accepted + duplicate + Σ filtered{reason} + Σ dead_lettered{reason}</pre>
 *
 * Of the accepted ones, those refused by the topic are larger than it takes at any size of batch;
 * they are kept as dead letters. Not thread-safe.
 */
public final class EdgeCounts {
  private long received;
  private long accepted;
  private long duplicate;
  private long refused;
  private final Map<FilterReason, Long> filtered = new EnumMap<>(FilterReason.class);
  private final Map<RecordFault, Long> deadLettered = new EnumMap<>(RecordFault.class);

  void accepted(long count) {
    received += count;
    accepted += count;
  }

  void duplicate(long count) {
    received += count;
    duplicate += count;
  }

  /** Accepted before, or with these counts. */
  void refusedByTopic(long count) {
    refused += count;
  }

  void filtered(FilterReason reason, long count) {
    received += count;
    filtered.merge(reason, count, Long::sum);
  }

  void deadLettered(RecordFault fault, long count) {
    received += count;
    deadLettered.merge(fault, count, Long::sum);
  }

  void add(EdgeCounts more) {
    received += more.received;
    accepted += more.accepted;
    duplicate += more.duplicate;
    refused += more.refused;
    more.filtered.forEach((reason, count) -> filtered.merge(reason, count, Long::sum));
    more.deadLettered.forEach((fault, count) -> deadLettered.merge(fault, count, Long::sum));
  }

  EdgeCounts copy() {
    EdgeCounts copy = new EdgeCounts();
    copy.add(this);
    return copy;
  }

  public long received() {
    return received;
  }

  public long accepted() {
    return accepted;
  }

  public long duplicate() {
    return duplicate;
  }

  public long refusedByTopic() {
    return refused;
  }

  public Map<FilterReason, Long> filtered() {
    return Map.copyOf(filtered);
  }

  public Map<RecordFault, Long> deadLettered() {
    return Map.copyOf(deadLettered);
  }
}
