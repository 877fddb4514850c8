package io.thunderhead.log.write;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EventProducer} works; {@link #of} reads the names in brackets.
 *
 * @param type whether the caller waits ({@code producer.type}: sync, async)
 * @param lanes threads that pack, compress and send side by side ({@code producer.lanes})
 * @param queueEvents events queued or unacknowledged at most ({@code queue.max.events})
 * @param queueBytes their bytes at most ({@code queue.max.bytes})
 * @param queueFull what happens beyond ({@code queue.full}: block, fail)
 * @param batchEvents events that an event handler gets at once, at most ({@code batch.max.events})
 * @param linger how long an event waits for others ({@code linger.ms})
 * @param packEvents events per record at most; 1: plain records ({@code pack.max.events})
 * @param packBytes bytes per shared record at most ({@code pack.max.bytes})
 * @param maxRecordBytes the largest record that the topics take ({@code record.max.bytes})
 * @param delimiter between events of {@link DelimitedEventHandler} ({@code pack.delimiter})
 * @param deadLetters whether events too large for any record are kept in {@code
 *     <topic>.dead_letters}, instead of failing ({@code dead.letters})
 * @param compression Kafka's name of the codec ({@code compression.codec})
 * @param topicCompression codecs of single topics ({@code compression.codec.TOPIC})
 * @param eventHandler class name, null for {@link PackingEventHandler} ({@code event.handler})
 * @param callbackHandler class name, null for none ({@code callback.handler})
 */
public record ProducerSettings(
    Type type,
    int lanes,
    int queueEvents,
    int queueBytes,
    QueueFull queueFull,
    int batchEvents,
    Duration linger,
    int packEvents,
    int packBytes,
    int maxRecordBytes,
    String delimiter,
    boolean deadLetters,
    String compression,
    Map<String, String> topicCompression,
    @Nullable String eventHandler,
    @Nullable String callbackHandler) {
  /** More lanes than any machine has processors to compress with. */
  public static final int MAX_LANES = 64;

  private static final String TOPIC_CODEC = "compression.codec.";
  private static final Set<String> CODECS = Set.of("none", "gzip", "snappy", "lz4", "zstd");

  /** Whether the caller waits for the acknowledgement. */
  public enum Type {
    SYNC,
    ASYNC
  }

  /** What a full queue does to the caller. */
  public enum QueueFull {
    /** The caller waits for room. */
    BLOCK,
    /** The caller gets a {@link QueueFullException}. */
    FAIL
  }

  public ProducerSettings {
    topicCompression = Map.copyOf(topicCompression);
    atLeastOne("producer.lanes", lanes);
    if (lanes > MAX_LANES) {
      throw new IllegalArgumentException(
          "producer.lanes must be " + MAX_LANES + " at most: " + lanes);
    }
    atLeastOne("queue.max.events", queueEvents);
    atLeastOne("queue.max.bytes", queueBytes);
    atLeastOne("batch.max.events", batchEvents);
    atLeastOne("pack.max.events", packEvents);
    atLeastOne("pack.max.bytes", packBytes);
    if (maxRecordBytes <= PackSettings.RECORD_OVERHEAD_BYTES) {
      throw new IllegalArgumentException(
          "record.max.bytes must be above "
              + PackSettings.RECORD_OVERHEAD_BYTES
              + ": "
              + maxRecordBytes);
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("linger.ms must not be negative: " + linger.toMillis());
    }
    if (delimiter.isEmpty()) {
      throw new IllegalArgumentException("pack.delimiter is empty");
    }
    codec("compression.codec", compression);
    topicCompression.forEach((topic, codec) -> codec(TOPIC_CODEC + topic, codec));
  }

  /** Async, one lane, 100 events a record, uncompressed. */
  public static ProducerSettings defaults() {
    return of(Map.of());
  }

  /**
   * Settings by name over the defaults.
   *
   * @throws IllegalArgumentException naming the setting that is unknown or out of bounds
   */
  public static ProducerSettings of(Map<String, String> named) {
    Names names = new Names(named);
    Map<String, String> codecs =
        named.keySet().stream()
            .filter(name -> name.startsWith(TOPIC_CODEC))
            .collect(
                Collectors.toMap(
                    name -> name.substring(TOPIC_CODEC.length()),
                    name -> names.text(name, "none")));
    ProducerSettings settings =
        new ProducerSettings(
            names.choice("producer.type", Type.class, Type.ASYNC),
            names.number("producer.lanes", 1),
            names.number("queue.max.events", 50_000),
            names.number("queue.max.bytes", 16 << 20),
            names.choice("queue.full", QueueFull.class, QueueFull.BLOCK),
            names.number("batch.max.events", 4_000),
            Duration.ofMillis(names.number("linger.ms", 50)),
            names.number("pack.max.events", 100),
            names.number("pack.max.bytes", PackSettings.DEFAULT_PACK_BYTES),
            names.number("record.max.bytes", 1 << 20),
            names.text("pack.delimiter", "\n"),
            names.choice("dead.letters", Flag.class, Flag.FALSE) == Flag.TRUE,
            names.text("compression.codec", "none"),
            codecs,
            names.optional("event.handler"),
            names.optional("callback.handler"));
    names.requireAllKnown();
    return settings;
  }

  /** The codec of a topic. */
  public String codec(String topic) {
    return topicCompression.getOrDefault(topic, compression);
  }

  /** The longest value that a record may have. */
  public int maxValueBytes() {
    return maxRecordBytes - PackSettings.RECORD_OVERHEAD_BYTES;
  }

  byte[] delimiterBytes() {
    return delimiter.getBytes(UTF_8);
  }

  private static void codec(String name, String codec) {
    if (!CODECS.contains(codec)) {
      throw new IllegalArgumentException(
          name + " must be one of " + new TreeSet<>(CODECS) + ": " + codec);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be ≥ 1: " + value);
    }
  }

  private enum Flag {
    TRUE,
    FALSE
  }

  /** Reads values by name and remembers which names nobody asked for. */
  private static final class Names {
    private final Map<String, String> values;

    Names(Map<String, String> named) {
      values = new HashMap<>(named);
    }

    @Nullable String optional(String name) {
      return values.remove(name);
    }

    String text(String name, String initial) {
      String value = values.remove(name);
      return value == null ? initial : value;
    }

    int number(String name, int initial) {
      String value = values.remove(name);
      try {
        return value == null ? initial : Integer.parseInt(value.strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " is not a number: " + value, e);
      }
    }

    <E extends Enum<E>> E choice(String name, Class<E> type, E initial) {
      String value = values.remove(name);
      if (value == null) {
        return initial;
      }
      for (E one : type.getEnumConstants()) {
        if (one.name().equalsIgnoreCase(value.strip())) {
          return one;
        }
      }
      throw new IllegalArgumentException(name + " has no choice " + value.toLowerCase(Locale.ROOT));
    }

    void requireAllKnown() {
      if (!values.isEmpty()) {
        throw new IllegalArgumentException(
            "unknown producer settings: " + new TreeSet<>(values.keySet()));
      }
    }
  }
}
