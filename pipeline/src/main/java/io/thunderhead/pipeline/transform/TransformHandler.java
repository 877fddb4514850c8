package io.thunderhead.pipeline.transform;

import io.thunderhead.log.group.BatchHandler;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.log.group.Ticket;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.log.write.DecimalKey;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.RejectReason;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * One loop's work: every event of every record is written, filtered or dead-lettered, in the order
 * of the log. A bad event costs only itself; a packed record whose frame is broken has no events
 * that could be told apart, so it is one dead letter.
 */
final class TransformHandler implements BatchHandler {
  private final EventDecoder decoder;
  private final PackingProducer output;
  private final DeadLetters deadLetters;
  private final TransformCounters counters;
  private final InstantSource clock;
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
  private final DecimalKey key = new DecimalKey();
  private final BatchCounts counts = new BatchCounts();

  private long nowMs;
  private long lastEventTimeMs;

  TransformHandler(
      EventDecoder decoder,
      PackingProducer output,
      DeadLetters deadLetters,
      TransformCounters counters,
      InstantSource clock) {
    this.decoder = decoder;
    this.output = output;
    this.deadLetters = deadLetters;
    this.counters = counters;
    this.clock = clock;
  }

  @Override
  public void handle(
      TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, Ticket ticket) {
    nowMs = clock.millis();
    lastEventTimeMs = 0;
    for (ConsumerRecord<byte[], byte[]> message : records) {
      transform(message, ticket);
    }
    ticket.count(counts.take());
    if (lastEventTimeMs > 0) {
      counters.eventAge(nowMs - lastEventTimeMs);
    }
  }

  private void transform(ConsumerRecord<byte[], byte[]> message, Ticket ticket) {
    byte[] value = message.value();
    if (value == null) {
      counts.filtered(FilterReason.NULL);
      return;
    }
    Header packing = message.headers().lastHeader(PackedRecord.HEADER);
    if (packing == null) {
      transform(message, 0, value, 0, value.length, ticket);
      return;
    }
    try {
      if (packing.value() == null || !PackedRecord.isKnownHeaderValue(packing.value())) {
        throw new MalformedEventException(
            RejectReason.UNKNOWN_PACKING, "header " + PackedRecord.HEADER + ": unknown value");
      }
      unpacker.wrap(value);
    } catch (MalformedEventException e) {
      reject(message, 0, value, 0, value.length, e.reason(), ticket);
      return;
    }
    while (unpacker.next()) {
      transform(message, unpacker.index(), value, unpacker.offset(), unpacker.length(), ticket);
    }
  }

  private void transform(
      ConsumerRecord<byte[], byte[]> message,
      int index,
      byte[] src,
      int offset,
      int length,
      Ticket ticket) {
    try {
      FilterReason filtered = decoder.decode(src, offset, length, nowMs);
      if (filtered != null) {
        counts.filtered(filtered);
        return;
      }
    } catch (MalformedEventException e) {
      reject(message, index, src, offset, length, e.reason(), ticket);
      return;
    }
    lastEventTimeMs = decoder.eventTimeMs();
    boolean taken =
        output.append(key.of(decoder.keyId()), decoder.output(), 0, decoder.outputLength(), ticket);
    if (taken) {
      counts.written();
    } else {
      reject(message, index, src, offset, length, RejectReason.TOO_LARGE, ticket);
    }
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> message,
      int index,
      byte[] src,
      int offset,
      int length,
      RejectReason reason,
      Ticket ticket) {
    deadLetters.send(message, index, src, offset, length, reason, ticket);
    counts.deadLettered(reason);
  }

  @Override
  public long flushIfDue(long nowNanos) {
    return output.flushIfDue(nowNanos);
  }

  @Override
  public void flush() {
    output.flush();
  }

  @Override
  public void settled(TopicPartition partition, LedgerCounts counts, double tookSeconds) {
    counters.settled(counts, tookSeconds);
  }

  @Override
  public void close() {
    try (deadLetters) {
      output.close();
    }
  }
}
