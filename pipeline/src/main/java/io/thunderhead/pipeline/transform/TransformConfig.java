package io.thunderhead.pipeline.transform;

import io.thunderhead.log.group.GroupSettings;
import io.thunderhead.protocol.Topics;

/**
 * The settings of the transformer. All are checked when it is made, with a message that names the
 * setting.
 *
 * @param inputTopic what is read; its dead letters go to the topic named after it
 * @param outputTopic where in-network events go
 * @param inputFormat how the input is encoded
 * @param group the consumer group; transformers of one group share the work
 * @param threads loops in this process, each with its own consumer and producer
 * @param batchSize records per poll at most
 * @param packEvents events per output record at most; 1 writes plain records
 * @param lingerMs how long an event may wait for others before it is sent
 * @param compression Kafka's name of the codec of the output
 * @param quotedDelete what the delete of a quoted post does to the posts that quote it
 * @param futureSkewSeconds how far ahead of our clock a post's creation may lie
 * @param maxUncommittedRecords records of a loop read but not committed, before it pauses: with one
 *     poll more, what a crash may repeat
 * @param maxInFlightBytes bytes of a loop's records not yet acknowledged, before it pauses
 * @param protocol how the group agrees
 */
public record TransformConfig(
    String inputTopic,
    String outputTopic,
    InputFormat inputFormat,
    String group,
    int threads,
    int batchSize,
    int packEvents,
    int lingerMs,
    String compression,
    QuotedDelete quotedDelete,
    long futureSkewSeconds,
    int maxUncommittedRecords,
    long maxInFlightBytes,
    GroupSettings.GroupProtocol protocol) {

  /** How the input is encoded. */
  public enum InputFormat {
    /** One Thrift {@code TweetEvent} per event. */
    THRIFT,
    /** One {@code Activity} per event, enriched or not. */
    ACTIVITY;

    /** What the name of a topic says; one that says nothing is taken for the legacy firehose. */
    public static InputFormat of(String topic) {
      return topic.equals(Topics.ACTIVITIES) || topic.equals(Topics.ENRICHED_ACTIVITIES)
          ? ACTIVITY
          : THRIFT;
    }
  }

  /** What the delete of a quoted post does. */
  public enum QuotedDelete {
    /** The posts that quote it are removed too. */
    REMOVE,
    /** They stay. */
    KEEP
  }

  public TransformConfig {
    notBlank("inputTopic", inputTopic);
    notBlank("outputTopic", outputTopic);
    if (inputTopic.equals(outputTopic)) {
      throw new IllegalArgumentException("outputTopic must not be inputTopic: " + outputTopic);
    }
    notBlank("group", group);
    inRange("threads", threads, 1, 1024);
    inRange("batchSize", batchSize, 1, 1_000_000);
    inRange("packEvents", packEvents, 1, 100_000);
    inRange("lingerMs", lingerMs, 0, 10_000);
    notBlank("compression", compression);
    inRange("futureSkewSeconds", futureSkewSeconds, 0, 366L * 86_400);
    inRange("maxUncommittedRecords", maxUncommittedRecords, 1, 100_000_000);
    inRange("maxInFlightBytes", maxInFlightBytes, 1, 32L << 20);
  }

  public static TransformConfig defaults() {
    return new TransformConfig(
        Topics.TWEET_EVENTS,
        Topics.IN_NETWORK_EVENTS,
        InputFormat.THRIFT,
        "thunderhead-transform",
        1,
        1000,
        100,
        50,
        "none",
        QuotedDelete.REMOVE,
        300,
        50_000,
        16L << 20,
        GroupSettings.GroupProtocol.CLASSIC);
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
