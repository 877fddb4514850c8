package io.thunderhead.serving;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import io.thunderhead.protocol.v1.TweetDeleteEvent;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Puts records on a topic, one by one and acknowledged. */
final class EventProducer implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;

  EventProducer(ClientSettings client) {
    producer = new KafkaProducer<>(client.producer("test"));
  }

  byte[] create(long postId, long authorId, long createdAt) {
    return InNetworkEvent.newBuilder()
        .setTweetCreateEvent(
            TweetCreateEvent.newBuilder()
                .setPostId(postId)
                .setAuthorId(authorId)
                .setCreatedAt(createdAt)
                .setConversationId(Math.abs(postId)))
        .build()
        .toByteArray();
  }

  /**
   * @param authorId 0 for none, as foreign producers have it
   */
  byte[] delete(long postId, long deletedAt, long authorId) {
    TweetDeleteEvent.Builder delete =
        TweetDeleteEvent.newBuilder().setPostId(postId).setDeletedAt(deletedAt);
    if (authorId != 0) {
      delete.setAuthorId(authorId);
    }
    return InNetworkEvent.newBuilder().setTweetDeleteEvent(delete).build().toByteArray();
  }

  void plain(String topic, int partition, byte[] event)
      throws InterruptedException, ExecutionException {
    send(record(topic, partition, event));
  }

  void packed(String topic, int partition, byte[]... events)
      throws InterruptedException, ExecutionException {
    ProducerRecord<byte[], byte[]> record = record(topic, partition, pack(events));
    record.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    send(record);
  }

  void brokenPack(String topic, int partition) throws InterruptedException, ExecutionException {
    byte[] broken = pack(new byte[] {1}, new byte[] {2});
    broken[1] ^= 1;
    ProducerRecord<byte[], byte[]> record = record(topic, partition, broken);
    record.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    send(record);
  }

  void nullValue(String topic, int partition) throws InterruptedException, ExecutionException {
    send(record(topic, partition, null));
  }

  @Override
  public void close() {
    producer.close();
  }

  private void send(ProducerRecord<byte[], byte[]> record)
      throws InterruptedException, ExecutionException {
    producer.send(record).get();
  }

  private static byte[] pack(byte[]... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(1_000, 1 << 20);
    for (byte[] event : events) {
      packer.add(event, 0, event.length);
    }
    return packer.toRecord();
  }

  @SuppressWarnings("NullAway") // Kafka takes null for a record without a value.
  private static ProducerRecord<byte[], byte[]> record(
      String topic, int partition, byte @Nullable [] value) {
    return new ProducerRecord<>(topic, partition, null, value);
  }
}
