package io.thunderhead.app.audit;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Sees the events of records one by one, counted exactly as the stages count them. */
@FunctionalInterface
interface EventVisitor {
  /**
   * Takes an event.
   *
   * @param src null for a record without a value and for a packed one whose frame is broken: each
   *     counts as one event, and neither can be told from others
   */
  void event(long offset, int index, byte @Nullable [] src, int at, int length)
      throws LongSet.FullException;

  /** Shows the visitor what a record holds. */
  static void visit(
      ConsumerRecord<byte[], byte[]> message, PackedRecord.Unpacker unpacker, EventVisitor visitor)
      throws LongSet.FullException {
    byte[] value = message.value();
    Header packing = message.headers().lastHeader(PackedRecord.HEADER);
    if (value == null) {
      visitor.event(message.offset(), 0, null, 0, 0);
    } else if (packing == null) {
      visitor.event(message.offset(), 0, value, 0, value.length);
    } else if (packing.value() == null
        || !PackedRecord.isKnownHeaderValue(packing.value())
        || !wrap(unpacker, value)) {
      visitor.event(message.offset(), 0, null, 0, 0);
    } else {
      while (unpacker.next()) {
        visitor.event(
            message.offset(), unpacker.index(), value, unpacker.offset(), unpacker.length());
      }
    }
  }

  private static boolean wrap(PackedRecord.Unpacker unpacker, byte[] value) {
    try {
      unpacker.wrap(value);
      return true;
    } catch (MalformedEventException e) {
      return false;
    }
  }
}
