package io.thunderhead.benchmarks.restart;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import io.thunderhead.store.PostFields;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Puts the workload's posts on a topic as a transformer would, packed and by author. Their times
 * are moved so that the last is now, and all are within the retention for as long as the run may
 * take.
 */
final class EventLoad {
  private static final int PACK_EVENTS = 200;
  private static final int PACK_BYTES = 64 << 10;

  /** Of 48 hours 44: so much of the retention do the posts fill. */
  private static final double SHARE = 44.0 / 48;

  private static final long SPAN_SECONDS = 172_800;

  private final ClientSettings client;
  private final String topic;
  private final int partitions;
  private final PackedRecord.Packer[] packers;
  private final AtomicReference<@Nullable Exception> failed = new AtomicReference<>();

  EventLoad(ClientSettings client, String topic, int partitions) {
    this.client = client;
    this.topic = topic;
    this.partitions = partitions;
    this.packers = new PackedRecord.Packer[partitions];
    for (int i = 0; i < partitions; i++) {
      packers[i] = new PackedRecord.Packer(PACK_EVENTS, PACK_BYTES);
    }
  }

  void publish(Workload workload) {
    Properties properties = client.producer("bench-restart");
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
      PostStream stream = workload.stream();
      PostFields post = new PostFields();
      long firstSeconds = 0;
      long nowSeconds = System.currentTimeMillis() / 1000;
      for (int i = 0; i < workload.posts(); i++) {
        stream.next(post);
        firstSeconds = i == 0 ? post.createdAt : firstSeconds;
        long ageSeconds = SPAN_SECONDS - (post.createdAt - firstSeconds);
        add(producer, post, nowSeconds - (long) (Math.max(0, ageSeconds) * SHARE));
      }
      for (int partition = 0; partition < partitions; partition++) {
        send(producer, partition);
      }
      producer.flush();
    }
    Exception cause = failed.get();
    if (cause != null) {
      throw new BenchFailedException("the events could not be published: " + cause);
    }
  }

  private void add(KafkaProducer<byte[], byte[]> producer, PostFields post, long createdAt) {
    byte[] event = event(post, createdAt);
    int partition = (int) Long.remainderUnsigned(post.authorId, partitions);
    if (!packers[partition].fits(event.length)) {
      send(producer, partition);
    }
    packers[partition].add(event, 0, event.length);
  }

  private void send(KafkaProducer<byte[], byte[]> producer, int partition) {
    if (packers[partition].events() == 0) {
      return;
    }
    ProducerRecord<byte[], byte[]> packed =
        new ProducerRecord<>(topic, partition, null, packers[partition].toRecord());
    packed.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    packers[partition].clear();
    var _ =
        producer.send(
            packed,
            (_, failure) -> {
              if (failure != null) {
                failed.compareAndSet(null, failure);
              }
            });
  }

  private static byte[] event(PostFields post, long createdAt) {
    TweetCreateEvent.Builder create =
        TweetCreateEvent.newBuilder()
            .setPostId(post.postId)
            .setAuthorId(post.authorId)
            .setCreatedAt(createdAt)
            .setIsReply(post.isReply)
            .setIsRetweet(post.isRetweet)
            .setHasVideo(post.hasVideo)
            .setConversationId(post.conversationId);
    if (post.inReplyToPostId != 0) {
      create.setInReplyToPostId(post.inReplyToPostId).setInReplyToUserId(post.inReplyToUserId);
    }
    if (post.sourcePostId != 0) {
      create.setSourcePostId(post.sourcePostId).setSourceUserId(post.sourceUserId);
    }
    return InNetworkEvent.newBuilder().setTweetCreateEvent(create).build().toByteArray();
  }
}
