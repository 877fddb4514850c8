package io.thunderhead.benchmarks.pipeline;

import io.thunderhead.app.spike.PostLines;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.pipeline.edge.ParsedRecord;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.RecordParser;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.Activity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The ceiling: one thread that hands activities, parsed and encoded beforehand, to Kafka's producer
 * one record each, with the settings that the edge gives its own.
 */
final class PlainSender implements AutoCloseable {
  private static final int DIFFERENT = 20_000;
  private static final String LINGER_MS = "20";
  private static final String CODEC = "lz4";

  private final KafkaProducer<byte[], byte[]> producer;
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final LongAdder acknowledged = new LongAdder();
  private final Thread thread;

  private PlainSender(ClientSettings client) {
    PostLines lines = new PostLines();
    RecordParser parser = RecordFormat.GNIP.newParser();
    for (int i = 0; i < DIFFERENT; i++) {
      lines.clear();
      lines.add(i, System.currentTimeMillis());
      byte[] line = Arrays.copyOf(lines.buffer(), lines.length() - 2);
      if (parser.parse(line, line.length) instanceof ParsedRecord.Accepted(Activity activity)) {
        keys.add(Long.toString(activity.getAuthorId()).getBytes(StandardCharsets.US_ASCII));
        values.add(activity.toByteArray());
      }
    }
    Properties settings = client.producer("plain");
    settings.setProperty(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    settings.setProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, CODEC);
    producer = new KafkaProducer<>(settings);
    thread = Thread.ofPlatform().name("plain-sender").unstarted(this::send);
  }

  static PlainSender start(String kafka) throws InterruptedException {
    ClientSettings client = ClientSettings.of(kafka);
    try (TopicAdmin topics = new TopicAdmin(client)) {
      topics.ensure(TopicSpec.events(Topics.ACTIVITIES, 8, 1));
    }
    PlainSender sender = new PlainSender(client);
    sender.thread.start();
    return sender;
  }

  long acknowledged() {
    return acknowledged.sum();
  }

  private void send() {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i = (i + 1) % values.size()) {
      try {
        var _ =
            producer.send(
                new ProducerRecord<>(Topics.ACTIVITIES, keys.get(i), values.get(i)),
                (_, failure) -> {
                  if (failure == null) {
                    acknowledged.increment();
                  }
                });
      } catch (org.apache.kafka.common.errors.InterruptException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close();
  }
}
