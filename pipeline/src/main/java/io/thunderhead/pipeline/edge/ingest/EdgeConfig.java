package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.protocol.Topics;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the edge. All are checked when it is made, with a message that names the setting.
 *
 * @param topic where activities go; dead letters go to the topic named after it
 * @param partitions of a topic that is created
 * @param replicationFactor of a topic that is created
 * @param createTopics whether missing topics are created
 * @param format what the records are
 * @param packEvents activities per Kafka record at most; 1 writes plain records
 * @param lingerMs how long an activity may wait for others before it is sent
 * @param compression Kafka's name of the codec
 * @param handOffEvents records read and not yet handled, before reading stops
 * @param handOffBytes the same in bytes
 * @param windowBytes activities handled and not yet acknowledged by Kafka, before the spool takes
 *     over or, without one, reading stops
 * @param dedupeEvents how many of the last activities are remembered, so that the same one is not
 *     taken twice; up to twice as many are. 0: none
 * @param futureSkewSeconds how far ahead of our clock a post's creation may lie
 * @param deadLetterBytes how much of a bad record is kept
 * @param spoolDir null for no spool
 * @param spoolBytes what the spool may hold
 * @param spoolAfterMs how long an activity waits for its acknowledgement before the spool takes
 *     over
 * @param cursorFile where cursors and counts are kept; null: nowhere
 */
public record EdgeConfig(
    String topic,
    int partitions,
    int replicationFactor,
    boolean createTopics,
    RecordFormat format,
    int packEvents,
    int lingerMs,
    String compression,
    int handOffEvents,
    long handOffBytes,
    long windowBytes,
    int dedupeEvents,
    long futureSkewSeconds,
    int deadLetterBytes,
    @Nullable Path spoolDir,
    long spoolBytes,
    int spoolAfterMs,
    @Nullable Path cursorFile) {
  /** The longest record by default: its activity still fits a topic with Kafka's own limits. */
  public static final int DEFAULT_MAX_LINE_BYTES = 256 << 10;

  public EdgeConfig {
    notBlank("topic", topic);
    inRange("partitions", partitions, 1, 10_000);
    inRange("replicationFactor", replicationFactor, 1, 100);
    inRange("packEvents", packEvents, 1, 100_000);
    inRange("lingerMs", lingerMs, 0, 10_000);
    notBlank("compression", compression);
    inRange("handOffEvents", handOffEvents, 1, 10_000_000);
    inRange("handOffBytes", handOffBytes, 1L << 10, 4L << 30);
    inRange("windowBytes", windowBytes, 1L << 10, 32L << 20);
    inRange("dedupeEvents", dedupeEvents, 0, 50_000_000);
    inRange("futureSkewSeconds", futureSkewSeconds, 0, 366L * 86_400);
    inRange("deadLetterBytes", deadLetterBytes, 0, 512L << 10);
    inRange("spoolBytes", spoolBytes, 1L << 20, 1L << 50);
    inRange("spoolAfterMs", spoolAfterMs, 1, 600_000);
  }

  public static EdgeConfig defaults() {
    return new EdgeConfig(
        Topics.ACTIVITIES,
        8,
        1,
        true,
        RecordFormat.AUTO,
        100,
        20,
        "lz4",
        100_000,
        64L << 20,
        16L << 20,
        100_000,
        300,
        64 << 10,
        null,
        1L << 30,
        2_000,
        null);
  }

  /** The same with another cursor file. */
  EdgeConfig withCursorFile(Path cursorFile) {
    return new EdgeConfig(
        topic,
        partitions,
        replicationFactor,
        createTopics,
        format,
        packEvents,
        lingerMs,
        compression,
        handOffEvents,
        handOffBytes,
        windowBytes,
        dedupeEvents,
        futureSkewSeconds,
        deadLetterBytes,
        spoolDir,
        spoolBytes,
        spoolAfterMs,
        cursorFile);
  }

  /** The same with another bound of the spool. */
  EdgeConfig withSpoolBytes(long spoolBytes) {
    return new EdgeConfig(
        topic,
        partitions,
        replicationFactor,
        createTopics,
        format,
        packEvents,
        lingerMs,
        compression,
        handOffEvents,
        handOffBytes,
        windowBytes,
        dedupeEvents,
        futureSkewSeconds,
        deadLetterBytes,
        spoolDir,
        spoolBytes,
        spoolAfterMs,
        cursorFile);
  }

  private static void notBlank(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is empty");
    }
  }

  private static void inRange(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + " must be from " + min + " to " + max + ": " + value);
    }
  }
}
