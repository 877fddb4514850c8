package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.log.group.GroupSettings.GroupProtocol;
import io.thunderhead.protocol.Topics;

/**
 * The settings of the distributor. All are checked when it is made, with a message that names the
 * setting.
 *
 * @param inputTopic activities; their dead letters go to the topic named after it
 * @param outputTopic where they go enriched
 * @param lateTopic where enrichments go that were not in when their activity had to leave
 * @param group the consumer group; the late ones are read in a second one, named after it
 * @param threads loops that read activities; one more reads the late ones
 * @param bind the address that workers are listened for on
 * @param grpcPort the port, 0 for any free one
 * @param batchSize records per poll at most
 * @param maxRate fresh activities a second at most; more waits in Kafka. 0: no limit
 * @param queue what may wait for workers
 * @param parking how long and how many activities wait for their enrichments
 * @param leases how long workers may take, and how often it is tried
 * @param packEvents events per output record at most; 1 writes plain records
 * @param lingerMs how long an event may wait for others before it is sent
 * @param compression Kafka's name of the codec of the output
 * @param maxUncommittedRecords records of a loop read but not committed, before it pauses
 * @param maxInFlightBytes bytes of a loop's records that have not left safely, before it pauses
 * @param protocol how the group agrees
 */
public record DistributeConfig(
    String inputTopic,
    String outputTopic,
    String lateTopic,
    String group,
    int threads,
    String bind,
    int grpcPort,
    int batchSize,
    int maxRate,
    Queue queue,
    Parking parking,
    Leasing leases,
    int packEvents,
    int lingerMs,
    String compression,
    int maxUncommittedRecords,
    long maxInFlightBytes,
    GroupProtocol protocol) {

  /**
   * What may wait for workers.
   *
   * @param size requests of one enricher
   * @param bytes of all requests
   */
  public record Queue(int size, long bytes) {
    public Queue {
      inRange("queueSize", size, 1, 10_000_000);
      inRange("queueBytes", bytes, 1 << 16, 1L << 32);
    }
  }

  /**
   * How activities wait.
   *
   * @param parkMs how long until an activity is looked at
   * @param rounds how often it is parked before it leaves with what there is
   * @param capacity how many wait at once; a fourth of that more of the late ones
   */
  public record Parking(int parkMs, int rounds, int capacity) {
    public Parking {
      inRange("parkMs", parkMs, 1, 600_000);
      inRange("parkRounds", rounds, 1, 1_000);
      inRange("parkCapacity", capacity, 1, 10_000_000);
    }

    int lateCapacity() {
      return Math.max(1, capacity / 4);
    }
  }

  /**
   * What workers and late enrichments are allowed.
   *
   * @param leaseMs how long a worker may take for a request
   * @param maxLeases leases without an answer after which a request has failed
   * @param lateParkMs how long a late enrichment is waited for, each time
   * @param maxLateAttempts times after which it has failed
   */
  public record Leasing(int leaseMs, int maxLeases, int lateParkMs, int maxLateAttempts) {
    public Leasing {
      inRange("leaseMs", leaseMs, 10, 600_000);
      inRange("maxLeases", maxLeases, 1, 1_000);
      inRange("lateParkMs", lateParkMs, 1, 600_000);
      inRange("maxLateAttempts", maxLateAttempts, 1, 1_000);
    }
  }

  public DistributeConfig {
    notBlank("inputTopic", inputTopic);
    notBlank("outputTopic", outputTopic);
    notBlank("lateTopic", lateTopic);
    if (inputTopic.equals(outputTopic)
        || inputTopic.equals(lateTopic)
        || outputTopic.equals(lateTopic)) {
      throw new IllegalArgumentException(
          "inputTopic, outputTopic and lateTopic must be three topics: "
              + inputTopic
              + ", "
              + outputTopic
              + ", "
              + lateTopic);
    }
    notBlank("group", group);
    notBlank("bind", bind);
    inRange("threads", threads, 1, 1024);
    inRange("grpcPort", grpcPort, 0, 65_535);
    inRange("batchSize", batchSize, 1, 1_000_000);
    inRange("maxRate", maxRate, 0, 10_000_000);
    inRange("packEvents", packEvents, 1, 100_000);
    inRange("lingerMs", lingerMs, 0, 10_000);
    notBlank("compression", compression);
    inRange("maxUncommittedRecords", maxUncommittedRecords, 1, 100_000_000);
    inRange("maxInFlightBytes", maxInFlightBytes, 1, 32L << 20);
  }

  public static DistributeConfig defaults() {
    return new DistributeConfig(
        Topics.ACTIVITIES,
        Topics.ENRICHED_ACTIVITIES,
        Topics.LATE_ENRICHMENTS,
        "thunderhead-distribute",
        1,
        "127.0.0.1",
        9091,
        500,
        0,
        new Queue(10_000, 32L << 20),
        new Parking(2_000, 3, 20_000),
        new Leasing(10_000, 3, 10_000, 5),
        100,
        50,
        "none",
        50_000,
        32L << 20,
        GroupProtocol.CLASSIC);
  }

  /** The group that reads the late topic. */
  String lateGroup() {
    return group + "-late";
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
