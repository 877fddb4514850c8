package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.RejectReason;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the events of polled records, plain and packed, and can stop between any two. After
 * each {@link #next} that answers true it stands on an event, on a record without a value, or on a
 * record that is bad as a whole.
 */
final class EventCursor {
  private static final byte[] NOTHING = {};

  private final Iterator<ConsumerRecord<byte[], byte[]>> records;
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
  private @Nullable ConsumerRecord<byte[], byte[]> origin;
  private boolean inPack;
  private @Nullable RejectReason bad;
  private int index;
  private int offset;
  private int length;

  EventCursor(List<ConsumerRecord<byte[], byte[]>> records) {
    this.records = records.iterator();
  }

  boolean next() {
    if (inPack && unpacker.next()) {
      stand(unpacker.index(), unpacker.offset(), unpacker.length(), null);
      return true;
    }
    inPack = false;
    if (!records.hasNext()) {
      return false;
    }
    ConsumerRecord<byte[], byte[]> message = records.next();
    origin = message;
    byte[] value = message.value();
    Header packing = message.headers().lastHeader(PackedRecord.HEADER);
    if (value == null || packing == null) {
      stand(0, 0, value == null ? 0 : value.length, null);
      return true;
    }
    if (packing.value() == null || !PackedRecord.isKnownHeaderValue(packing.value())) {
      stand(0, 0, value.length, RejectReason.UNKNOWN_PACKING);
      return true;
    }
    try {
      unpacker.wrap(value);
    } catch (MalformedEventException e) {
      stand(0, 0, value.length, e.reason());
      return true;
    }
    inPack = true;
    return next(); // A pack has at least one event.
  }

  private void stand(int newIndex, int newOffset, int newLength, @Nullable RejectReason reason) {
    index = newIndex;
    offset = newOffset;
    length = newLength;
    bad = reason;
  }

  ConsumerRecord<byte[], byte[]> origin() {
    ConsumerRecord<byte[], byte[]> current = origin;
    if (current == null) {
      throw new IllegalStateException("before the first event");
    }
    return current;
  }

  boolean isNull() {
    return origin().value() == null;
  }

  /** Why the record is bad as a whole; null if this is an event. */
  @Nullable RejectReason bad() {
    return bad;
  }

  int index() {
    return index;
  }

  byte[] src() {
    byte[] value = origin().value();
    return value == null ? NOTHING : value;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }
}
