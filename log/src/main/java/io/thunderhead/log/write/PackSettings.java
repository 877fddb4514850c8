package io.thunderhead.log.write;

import java.time.Duration;

/**
 * How events become records.
 *
 * @param topic where they go
 * @param packEvents events per record at most; 1 writes plain records with their keys
 * @param packBytes bytes per packed record at most; an event that doesn't fit one goes alone
 * @param linger how long an event may wait for others
 * @param compression Kafka's name of a codec
 * @param maxRecordBytes the largest record that the topic takes; a larger event is refused
 */
public record PackSettings(
    String topic,
    int packEvents,
    int packBytes,
    Duration linger,
    String compression,
    int maxRecordBytes) {
  /** A packed record's bytes at most, unless set: small beside a request, large beside an event. */
  public static final int DEFAULT_PACK_BYTES = 64 << 10;

  /** What Kafka adds to a value at most: batch and record header, our header, the longest key. */
  static final int RECORD_OVERHEAD_BYTES = 160;

  public PackSettings {
    if (topic.isBlank()) {
      throw new IllegalArgumentException("topic is empty");
    }
    atLeastOne("packEvents", packEvents);
    atLeastOne("packBytes", packBytes);
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger must not be negative: " + linger);
    }
    if (maxRecordBytes <= RECORD_OVERHEAD_BYTES) {
      throw new IllegalArgumentException(
          "maxRecordBytes must be above "
              + RECORD_OVERHEAD_BYTES
              + ", what Kafka adds to each record: "
              + maxRecordBytes);
    }
  }

  /** The longest value that a record may have. */
  int maxValueBytes() {
    return maxRecordBytes - RECORD_OVERHEAD_BYTES;
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be ≥ 1: " + value);
    }
  }
}
