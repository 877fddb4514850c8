package io.thunderhead.log.read;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.RejectReason;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The events of one partition from one poll, as a cursor over the records' own bytes: plain records
 * are one event each, packed ones many. A record that carries no event (a null value, a broken
 * frame) is one step of its own, so that whoever reads can count it; ask {@link #isNull} and {@link
 * #malformed} before the bytes.
 *
 * <p>Not thread-safe; reused from batch to batch, it allocates nothing per event.
 */
public final class EventBatch {
  private static final byte[] NO_BYTES = {};

  private final int partition;
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();

  private List<ConsumerRecord<byte[], byte[]>> records = List.of();
  private long targetOffset;
  private int at;
  private boolean inPack;
  private boolean isNull;
  private @Nullable RejectReason malformed;
  private byte[] bytes = NO_BYTES;
  private int offset;
  private int length;
  private int recordIndex;
  private long recordOffset;
  private long recordTimestampMs;

  /** A cursor for one partition, to be given its records. */
  public EventBatch(int partition) {
    this.partition = partition;
  }

  /**
   * Takes the records of one poll, and begins before the first.
   *
   * @param targetOffset the partition's end when reading began
   */
  public EventBatch wrap(List<ConsumerRecord<byte[], byte[]>> records, long targetOffset) {
    this.records = records;
    this.targetOffset = targetOffset;
    at = -1;
    inPack = false;
    return this;
  }

  public int partition() {
    return partition;
  }

  /** How many records the batch has; a packed one counts once. */
  public int records() {
    return records.size();
  }

  /** When the first record was logged, in UNIX milliseconds: the age of the batch. */
  public long firstRecordTimestampMs() {
    return records.getFirst().timestamp();
  }

  /** Records below this offset lay in the log when reading began. */
  public long targetOffset() {
    return targetOffset;
  }

  /** Moves to the next event; false when there is none. */
  public boolean next() {
    if (inPack) {
      if (unpacker.next()) {
        setPacked();
        return true;
      }
      inPack = false;
    }
    if (++at >= records.size()) {
      return false;
    }
    open(records.get(at));
    return true;
  }

  /** True if the record has no value at all. */
  public boolean isNull() {
    return isNull;
  }

  /** Why the whole record is unreadable; null if it is not. */
  public @Nullable RejectReason malformed() {
    return malformed;
  }

  /** The array that holds the event, from {@link #offset} on; never to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  public int offset() {
    return offset;
  }

  /** The event's bytes; of a malformed record all that it has. */
  public int length() {
    return length;
  }

  public long recordOffset() {
    return recordOffset;
  }

  /** The event's index in its record; 0 in a plain one. */
  public int recordIndex() {
    return recordIndex;
  }

  public long recordTimestampMs() {
    return recordTimestampMs;
  }

  private void open(ConsumerRecord<byte[], byte[]> record) {
    recordOffset = record.offset();
    recordTimestampMs = record.timestamp();
    recordIndex = 0;
    malformed = null;
    byte[] value = record.value();
    isNull = value == null;
    bytes = value == null ? NO_BYTES : value;
    offset = 0;
    length = bytes.length;
    if (value == null) {
      return;
    }
    Header packing = record.headers().lastHeader(PackedRecord.HEADER);
    if (packing != null) {
      openPack(value, packing.value());
    }
  }

  private void openPack(byte[] value, byte @Nullable [] packing) {
    if (packing == null || !PackedRecord.isKnownHeaderValue(packing)) {
      malformed = RejectReason.UNKNOWN_PACKING;
      return;
    }
    try {
      unpacker.wrap(value);
      unpacker.next();
      inPack = true;
      setPacked();
    } catch (MalformedEventException e) {
      malformed = e.reason();
    }
  }

  private void setPacked() {
    offset = unpacker.offset();
    length = unpacker.length();
    recordIndex = unpacker.index();
  }
}
