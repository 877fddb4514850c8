package io.thunderhead.log.group;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * How far one partition is safe: the batches under way in the order of their offsets, and the
 * offset before which every batch has finished. Batches finish in any order and on any thread, but
 * the safe offset moves only over the front. Everything here belongs to the polling thread.
 */
final class PartitionProgress {
  private final ArrayDeque<Ticket> open = new ArrayDeque<>();
  private long safeOffset;
  private LedgerCounts safeCounts;
  private long requestedOffset;
  private long committedOffset;
  private long readOffset;
  private long records;
  private long bytes;

  // Records since the start: settled, settled when the last commit was asked for, committed.
  private long safeRecords;
  private long requestedRecords;
  private long committedRecords;

  /** Starts at what is committed, or where reading begins if nothing is. */
  PartitionProgress(long offset, LedgerCounts counts) {
    safeOffset = offset;
    safeCounts = counts;
    requestedOffset = offset;
    committedOffset = offset;
    readOffset = offset;
  }

  /** A batch was handed over; in the order of offsets. */
  void opened(Ticket ticket) {
    open.addLast(ticket);
    readOffset = ticket.nextOffset();
    records += ticket.records();
    bytes += ticket.bytes();
  }

  /** Moves over the batches at the front that have finished, telling each to {@code settled}. */
  boolean advance(Consumer<Ticket> settled) {
    boolean moved = false;
    for (Ticket first = open.peekFirst();
        first != null && first.isFinished();
        first = open.peekFirst()) {
      open.removeFirst();
      records -= first.records();
      bytes -= first.bytes();
      safeRecords += first.records();
      safeOffset = first.nextOffset();
      safeCounts = safeCounts.plus(first.counts());
      settled.accept(first);
      moved = true;
    }
    return moved;
  }

  /** What a commit should say, or null if the last one said so already. */
  @Nullable OffsetAndMetadata toCommit() {
    return safeOffset == requestedOffset ? null : safe();
  }

  /** The same, but null only if the last commit that was answered said so. */
  @Nullable OffsetAndMetadata toCommitForSure() {
    return safeOffset == committedOffset ? null : safe();
  }

  private OffsetAndMetadata safe() {
    return new OffsetAndMetadata(safeOffset, safeCounts.format());
  }

  /** A commit of this offset is on its way. */
  void requested(long offset) {
    requestedOffset = offset;
    requestedRecords = safeRecords;
  }

  /** A commit was answered; one that failed is asked for again. */
  void answered(long offset, boolean done) {
    if (done) {
      committedOffset = offset;
      committedRecords = requestedRecords;
    } else if (requestedOffset == offset) {
      requestedOffset = committedOffset;
      requestedRecords = committedRecords;
    }
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  /** Behind everything that was handed over. */
  long readOffset() {
    return readOffset;
  }

  long safeOffset() {
    return safeOffset;
  }

  LedgerCounts safeCounts() {
    return safeCounts;
  }

  long committedOffset() {
    return committedOffset;
  }

  long records() {
    return records;
  }

  /** Records that a crash now would make others read again. */
  long uncommittedRecords() {
    return records + safeRecords - committedRecords;
  }

  /** Records that a commit now would newly cover. */
  long committableRecords() {
    return safeRecords - requestedRecords;
  }

  long bytes() {
    return bytes;
  }

  /** When the batch was handed over that everything else waits for, or {@code nowNanos}. */
  long oldestOpenedNanos(long nowNanos) {
    Ticket first = open.peekFirst();
    return first == null ? nowNanos : first.openedNanos();
  }
}
