package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.log.group.Ticket;
import io.thunderhead.protocol.RejectReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition's records of a poll, until every activity in them has left. It keeps its ticket
 * open that long; used by its loop's thread alone.
 */
final class Batch {
  /** Beside the ledger's own names: what became of the enrichments. */
  static final String REQUESTS = "enrich.requests";

  private static final String STATUS = "enrich.";

  private final TopicPartition partition;
  private final Ticket ticket;
  private final EventCursor cursor;
  private final Map<String, Long> counts = new HashMap<>();
  private @Nullable ParkedActivity waiting;
  private int open;
  private boolean exhausted;
  private boolean gone;

  Batch(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket) {
    this.partition = partition;
    this.ticket = ticket;
    this.cursor = new EventCursor(records);
    ticket.retain();
  }

  TopicPartition partition() {
    return partition;
  }

  Ticket ticket() {
    return ticket;
  }

  EventCursor cursor() {
    return cursor;
  }

  /** The activity that there was no room for yet. */
  @Nullable ParkedActivity waiting() {
    return waiting;
  }

  void waits(@Nullable ParkedActivity activity) {
    waiting = activity;
  }

  void entered() {
    open++;
  }

  void left() {
    open--;
    finishIfDone();
  }

  void exhausted() {
    exhausted = true;
    finishIfDone();
  }

  /** Its partition is somebody else's now; what is left of it must not be written. */
  void gone() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  void written() {
    add(LedgerCounts.READ);
    add(LedgerCounts.WRITTEN);
  }

  void filtered(String reason) {
    add(LedgerCounts.READ);
    add(LedgerCounts.filtered(reason));
  }

  void deadLettered(RejectReason reason) {
    add(LedgerCounts.READ);
    add(LedgerCounts.dead(reason.label()));
  }

  void enrichment(String status) {
    add(REQUESTS);
    add(STATUS + status);
  }

  private void add(String name) {
    counts.merge(name, 1L, Long::sum);
  }

  private void finishIfDone() {
    if (exhausted && open == 0 && !gone) {
      ticket.count(LedgerCounts.of(counts));
      ticket.acknowledged();
    }
  }
}
