package io.thunderhead.benchmarks.log;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.store.PostFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/**
 * Events of 80 bytes, made ahead: encoded posts of the store's workload, filled up with a few
 * words, so that they compress about as well as posts do.
 */
final class Events {
  static final int BYTES = 80;
  static final int PARTITIONS = 8;

  private static final byte[] WORDS =
      "the rain came over the hill and everyone talked about it for days, then it was gone "
          .repeat(2)
          .getBytes(StandardCharsets.US_ASCII);

  private final int count;
  private final byte[] bytes;
  private final byte[][] keys;
  private final byte[][] alone;

  Events(int count) {
    this.count = count;
    bytes = new byte[count * BYTES];
    keys = new byte[count][];
    alone = new byte[count][];
    PostStream stream = new Workload(Math.max(count, 10_000), Math.max(count / 10, 1_000)).stream();
    PostFields post = new PostFields();
    for (int i = 0; i < count; i++) {
      stream.next(post);
      int encoded = Math.min(BYTES, post.encodedLength);
      System.arraycopy(post.encoded, post.encodedOffset, bytes, i * BYTES, encoded);
      int from = (int) (post.authorId % 83);
      System.arraycopy(WORDS, from, bytes, i * BYTES + encoded, BYTES - encoded);
      keys[i] = Long.toString(post.authorId).getBytes(StandardCharsets.US_ASCII);
      alone[i] = Arrays.copyOfRange(bytes, i * BYTES, (i + 1) * BYTES);
    }
  }

  int count() {
    return count;
  }

  byte[] bytes() {
    return bytes;
  }

  byte[] key(int event) {
    return keys[event];
  }

  /** The same event in an array of its own, made ahead too. */
  byte[] alone(int event) {
    return alone[event];
  }

  /** The very records that packing makes of the events, to be sent by a bare client. */
  List<ProducerRecord<byte[], byte[]>> records(String topic, int packEvents) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(count / packEvents + PARTITIONS);
    if (packEvents == 1) {
      for (int i = 0; i < count; i++) {
        records.add(new ProducerRecord<>(topic, keys[i], alone[i]));
      }
      return records;
    }
    List<Header> headers =
        List.of(new RecordHeader(PackedRecord.HEADER, PackedRecord.headerValue()));
    PackedRecord.Packer[] packers = new PackedRecord.Packer[PARTITIONS];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      packers[partition] = new PackedRecord.Packer(packEvents, 64 << 10);
    }
    for (int i = 0; i < count; i++) {
      int partition = Utils.toPositive(Utils.murmur2(keys[i])) % PARTITIONS;
      packers[partition].add(bytes, i * BYTES, BYTES);
      if (packers[partition].events() == packEvents) {
        records.add(take(topic, partition, packers[partition], headers));
      }
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (packers[partition].events() > 0) {
        records.add(take(topic, partition, packers[partition], headers));
      }
    }
    return records;
  }

  private static ProducerRecord<byte[], byte[]> take(
      String topic, int partition, PackedRecord.Packer packer, List<Header> headers) {
    byte[] value = packer.toRecord();
    packer.clear();
    return new ProducerRecord<>(topic, partition, null, null, value, headers);
  }
}
