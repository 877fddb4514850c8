package io.thunderhead.app.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.app.config.DeadLettersConfig.Place;
import io.thunderhead.log.write.DeadLetters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter as it lies in its topic. Its headers are whatever somebody wrote there: each may
 * be missing, or not be a number.
 */
record Letter(ConsumerRecord<byte[], byte[]> message) {
  /** Headers of a letter that was put back; they stay on the record, whatever becomes of it. */
  static final String REDRIVE_ID = "redrive.id";

  static final String REDRIVE_COUNT = "redrive.count";
  static final String REDRIVE_OF = "redrive.of";

  private static final Set<String> MARKS = Set.of(REDRIVE_ID, REDRIVE_COUNT, REDRIVE_OF);
  private static final Set<String> OURS =
      Set.of(
          DeadLetters.ORIGIN_TOPIC,
          DeadLetters.ORIGIN_PARTITION,
          DeadLetters.ORIGIN_OFFSET,
          DeadLetters.ORIGIN_INDEX,
          DeadLetters.ORIGIN_BYTES,
          DeadLetters.REASON);

  Place place() {
    return new Place(message.partition(), message.offset());
  }

  /** The bytes; none if somebody wrote a letter without. */
  byte[] bytes() {
    byte[] value = message.value();
    return value == null ? new byte[0] : value;
  }

  String reason() {
    String reason = header(DeadLetters.REASON);
    return reason == null ? "none" : reason;
  }

  @Nullable String originTopic() {
    return header(DeadLetters.ORIGIN_TOPIC);
  }

  /** The partition that it came from, -1 if it never was in one. */
  int originPartition() {
    return Math.clamp(number(DeadLetters.ORIGIN_PARTITION, -1), -1, Integer.MAX_VALUE);
  }

  /** True if the value is only the beginning of what it should be. */
  boolean isCut() {
    return number(DeadLetters.ORIGIN_BYTES, 0) > bytes().length;
  }

  /** How often these bytes had been put back before they died here. */
  int earlierRedrives() {
    return Math.clamp(number(REDRIVE_COUNT, 0), 0, Integer.MAX_VALUE / 2);
  }

  /** The headers of the record that this was before it died. */
  List<Header> originHeaders() {
    // Ours were written behind the record's own, which may have had some of the same name.
    List<Header> kept = new ArrayList<>();
    Set<String> left = new HashSet<>(OURS);
    for (Header one : List.of(message.headers().toArray()).reversed()) {
      if (!left.remove(one.key()) && !MARKS.contains(one.key())) {
        kept.add(one);
      }
    }
    Collections.reverse(kept);
    return kept;
  }

  @Nullable String header(String name) {
    Header header = message.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  private long number(String name, long otherwise) {
    String text = header(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
