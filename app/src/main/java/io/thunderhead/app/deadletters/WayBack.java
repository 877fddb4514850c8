package io.thunderhead.app.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.pipeline.edge.ParsedRecord;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.RecordParser;
import io.thunderhead.protocol.v1.Activity;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a letter becomes when it goes back to its topic. One that a stage wrote goes back as it
 * came: bytes, key and headers. One of the edge's was never in a topic, but a publisher's record,
 * so it is read once more as the edge would and goes on as the activity that it then makes.
 */
final class WayBack {
  /** Upper bounds of what Kafka adds to a batch with one record, and to a header. */
  private static final int BATCH_OVERHEAD_BYTES = 128;

  private static final int HEADER_OVERHEAD_BYTES = 10;

  private final String topic;
  private final int partitions;
  private final int maxMessageBytes;
  private final String redriveId;
  private final Map<RecordFormat, RecordParser> parsers = new EnumMap<>(RecordFormat.class);

  WayBack(String topic, int partitions, int maxMessageBytes, String redriveId) {
    this.topic = topic;
    this.partitions = partitions;
    this.maxMessageBytes = maxMessageBytes;
    this.redriveId = redriveId;
  }

  /** Either a record, or the reason why there is none. */
  sealed interface Answer {
    record Sent(ProducerRecord<byte[], byte[]> message) implements Answer {}

    record PassedOver(Cause cause) implements Answer {}
  }

  /** Why a letter stays where it is. */
  enum Cause {
    /** It has been put back before. */
    REDRIVEN_BEFORE,
    /** Only the beginning of the record was kept. */
    CUT,
    /** A publisher's record that the edge still can't use. */
    STILL_BAD,
    /** Its topic takes no record of this size. */
    TOO_LARGE,
    /** It came from another topic, or doesn't say from where. */
    OTHER_ORIGIN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The cause as the command prints it: snake_case. */
    String label() {
      return label;
    }
  }

  /**
   * What is to be written for a letter.
   *
   * @param times how often it has been put back before
   */
  Answer of(Letter letter, int times) {
    if (letter.isCut()) {
      return new Answer.PassedOver(Cause.CUT);
    }
    boolean ofTopic = topic.equals(letter.originTopic());
    ProducerRecord<byte[], byte[]> message;
    if (ofTopic) {
      message = asItCame(letter, times);
    } else if (letter.header(DeadLetters.ORIGIN_BYTES) == null) {
      return new Answer.PassedOver(Cause.OTHER_ORIGIN);
    } else {
      Activity activity = readAgain(letter.bytes());
      if (activity == null) {
        return new Answer.PassedOver(Cause.STILL_BAD);
      }
      byte[] key = Long.toString(ActivityToTweetEvent.keyOf(activity)).getBytes(UTF_8);
      message = message(letter, times, null, key, activity.toByteArray());
    }
    return fits(message) ? new Answer.Sent(message) : new Answer.PassedOver(Cause.TOO_LARGE);
  }

  private ProducerRecord<byte[], byte[]> asItCame(Letter letter, int times) {
    int partition = letter.originPartition();
    return message(
        letter,
        times,
        partition >= 0 && partition < partitions ? partition : null,
        letter.message().key(),
        letter.bytes());
  }

  private ProducerRecord<byte[], byte[]> message(
      Letter letter, int times, @Nullable Integer partition, byte @Nullable [] key, byte[] value) {
    List<Header> headers = letter.originHeaders();
    headers.add(header(Letter.REDRIVE_ID, redriveId));
    headers.add(
        header(Letter.REDRIVE_COUNT, Integer.toString(letter.earlierRedrives() + times + 1)));
    headers.add(header(Letter.REDRIVE_OF, letter.place().toString()));
    return new ProducerRecord<>(topic, partition, null, key, value, headers);
  }

  private @Nullable Activity readAgain(byte[] line) {
    RecordFormat format = RecordFormat.detect(line, line.length);
    if (format == RecordFormat.AUTO) {
      return null;
    }
    RecordParser parser = parsers.computeIfAbsent(format, RecordFormat::newParser);
    return parser.parse(line, line.length) instanceof ParsedRecord.Accepted(Activity activity)
        ? activity
        : null;
  }

  private boolean fits(ProducerRecord<byte[], byte[]> message) {
    long bytes = BATCH_OVERHEAD_BYTES + (long) message.value().length;
    bytes += message.key() == null ? 0 : message.key().length;
    for (Header one : message.headers()) {
      bytes += HEADER_OVERHEAD_BYTES + one.key().length() * 3L;
      bytes += one.value() == null ? 0 : one.value().length;
    }
    return bytes <= maxMessageBytes;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
