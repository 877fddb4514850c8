package io.thunderhead.app.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** One stage's topics of one partition, written by hand: what is in them, and what is not. */
final class PlantedLog implements AutoCloseable {
  private final String name;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final TweetEventWriter writer = new TweetEventWriter();
  private final TweetFields tweet = new TweetFields();

  PlantedLog(String bootstrapServers, String name) throws Exception {
    this.name = name;
    ClientSettings settings = ClientSettings.of(bootstrapServers);
    admin = Admin.create(settings.admin("planted-admin"));
    producer = new KafkaProducer<>(settings.producer("planted"));
    try (TopicAdmin topics = new TopicAdmin(settings)) {
      topics.ensure(
          TopicSpec.events(name, 1, 1),
          TopicSpec.events(output(), 1, 1),
          TopicSpec.deadLetters(name, 1, 1));
    }
  }

  String input() {
    return name;
  }

  String output() {
    return name + "-out";
  }

  /** Records of the input that make posts of these ids, one each. */
  void posts(long... ids) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (long id : ids) {
      sent.add(producer.send(new ProducerRecord<>(name, post(id))));
    }
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
  }

  /** A record of the input that no stage can read. */
  void malformed() throws Exception {
    send(new ProducerRecord<>(name, new byte[] {1, 2, 3}));
  }

  /** One packed record of the output with these posts. */
  void written(long... ids) throws Exception {
    PackedRecord.Packer packer = new PackedRecord.Packer(1000, 1 << 20);
    for (long id : ids) {
      byte[] event =
          InNetworkEvent.newBuilder()
              .setTweetCreateEvent(
                  TweetCreateEvent.newBuilder().setPostId(id).setAuthorId(1).setCreatedAt(1))
              .build()
              .toByteArray();
      packer.add(event, 0, event.length);
    }
    ProducerRecord<byte[], byte[]> packed = new ProducerRecord<>(output(), packer.toRecord());
    packed.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    send(packed);
  }

  void letter(long originOffset, String reason) throws Exception {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.deadLetters(name), new byte[] {1, 2, 3});
    Map.of(
            DeadLetters.ORIGIN_TOPIC,
            name,
            DeadLetters.ORIGIN_PARTITION,
            "0",
            DeadLetters.ORIGIN_OFFSET,
            Long.toString(originOffset),
            DeadLetters.ORIGIN_INDEX,
            "0",
            DeadLetters.REASON,
            reason)
        .forEach((header, value) -> letter.headers().add(header, value.getBytes(UTF_8)));
    send(letter);
  }

  void committed(long offset, String ledger) throws Exception {
    admin
        .alterConsumerGroupOffsets(
            "group-" + name,
            Map.of(new TopicPartition(name, 0), new OffsetAndMetadata(offset, ledger)))
        .all()
        .get();
  }

  /** What retention does. */
  void deleteBefore(String topic, long offset) throws Exception {
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  String[] auditFlags(String bootstrapServers, String... more) {
    String[] flags = {
      "audit",
      "--bootstrap-servers",
      bootstrapServers,
      "--groups",
      "group-" + name,
      "--routes",
      name + "=" + output(),
      "--json"
    };
    String[] all = Arrays.copyOf(flags, flags.length + more.length);
    System.arraycopy(more, 0, all, flags.length, more.length);
    return all;
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
  }

  private byte[] post(long id) {
    tweet.clear();
    tweet.postId = id;
    tweet.userId = 1;
    tweet.coreUserId = 1;
    tweet.text = new byte[] {'t'};
    tweet.createdAtSeconds = 1;
    int length = writer.writeCreate(tweet);
    return Arrays.copyOf(writer.buffer(), length);
  }

  private void send(ProducerRecord<byte[], byte[]> message) throws Exception {
    producer.send(message).get();
  }
}
