package io.thunderhead.app.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.app.config.DeadLettersConfig.Place;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.scan.TopicScan;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;

/**
 * Which letters of one dead-letter topic have been put back, and how often: the topic {@code
 * <topic>.dead_letters.redriven}, whose entries are written in the same transaction as the records
 * that were put back. An entry names the dead-letter topic's id, so that entries of a topic that
 * was deleted and made anew say nothing about the new one's letters.
 *
 * <pre>
 *   key   k3Jd…w:2:4711      id of the dead-letter topic : partition : offset
 *   value 2026-11-25T…-5b1f  the call that put it back
 * </pre>
 */
final class RedriveLedger {
  /** Entries held at once: some 100 bytes each. */
  private static final int MAX_ENTRIES = 2_000_000;

  private final String topic;
  private final String topicId;
  private final Map<Place, Integer> times = new HashMap<>();

  /**
   * An empty ledger.
   *
   * @param source the topic whose dead letters are meant
   */
  RedriveLedger(String source, Uuid deadLetterTopicId) {
    this.topic = topicOf(source);
    this.topicId = deadLetterTopicId.toString();
  }

  static String topicOf(String source) {
    return Topics.deadLetters(source) + ".redriven";
  }

  /** The topic as it has to be, kept for ever like the letters. */
  static TopicSpec spec(String source, int replicationFactor) {
    return new TopicSpec(topicOf(source), 1, replicationFactor, Topics.deadLetters(source));
  }

  /** Takes what the topic holds; nothing if there is none yet. */
  RedriveLedger load(TopicScan scan) throws RoleFailedException {
    scan.records(topic, scan.ranges(topic), this::take);
    return this;
  }

  private void take(ConsumerRecord<byte[], byte[]> entry) throws RoleFailedException {
    String[] key =
        entry.key() == null ? new String[0] : new String(entry.key(), UTF_8).split(":", -1);
    if (key.length != 3 || !key[0].equals(topicId)) {
      return;
    }
    try {
      add(new Place(Integer.parseInt(key[1]), Long.parseLong(key[2])));
    } catch (NumberFormatException e) {
      return; // Not an entry of ours.
    }
    if (times.size() > MAX_ENTRIES) {
      throw new RoleFailedException(
          "%s names more than %d letters, which is the limit".formatted(topic, MAX_ENTRIES));
    }
  }

  /** How often a letter has been put back. */
  int times(Place place) {
    return times.getOrDefault(place, 0);
  }

  /** What has to be written with a record that is put back. */
  ProducerRecord<byte[], byte[]> entry(Place place, String redriveId) {
    String key = "%s:%d:%d".formatted(topicId, place.partition(), place.offset());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), redriveId.getBytes(UTF_8));
  }

  /** An entry was written. */
  void add(Place place) {
    times.merge(place, 1, Integer::sum);
  }
}
