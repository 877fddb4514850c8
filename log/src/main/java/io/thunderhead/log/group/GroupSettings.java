package io.thunderhead.log.group;

import io.thunderhead.log.ClientSettings;
import java.time.Duration;

/**
 * How a role reads a topic in a consumer group.
 *
 * @param role names threads and metrics: {@code thunderhead_<role>_…}
 * @param topic what is read
 * @param group whose committed offsets count
 * @param threads loops, each a member of the group
 * @param pollRecords records per poll at most, and so per batch
 * @param maxUncommittedRecords records of a loop handed over but not committed, before it pauses:
 *     with one poll more, what a crash may repeat
 * @param maxInFlightBytes bytes of a loop's records handed over but not safe, before it pauses; one
 *     poll may exceed it
 * @param commitInterval how often the safe offsets are committed
 * @param drainLimit how long leaving partitions wait for what is under way
 * @param protocol how the group agrees on who reads what
 * @param stallLimit how long nothing may be committed although there is lag, before health says so
 */
public record GroupSettings(
    String role,
    String topic,
    String group,
    int threads,
    int pollRecords,
    int maxUncommittedRecords,
    long maxInFlightBytes,
    Duration commitInterval,
    Duration drainLimit,
    GroupProtocol protocol,
    Duration stallLimit) {

  /** Short enough that a crash repeats little, long enough that commits cost nothing. */
  public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(200);

  /** Well below the poll interval, after which the group would take the partitions anyway. */
  public static final Duration DEFAULT_DRAIN_LIMIT = Duration.ofSeconds(10);

  /** As long as a batch may wait for its acknowledgements. */
  public static final Duration DEFAULT_STALL_LIMIT = Duration.ofMillis(GroupHealth.STUCK_BATCH_MS);

  /** How members of a group agree. */
  public enum GroupProtocol {
    /** Members agree among themselves; partitions that stay are not interrupted (cooperative). */
    CLASSIC,
    /** The broker decides (KIP-848); its own settings rule time-outs. */
    CONSUMER
  }

  public GroupSettings {
    notBlank("role", role);
    notBlank("topic", topic);
    notBlank("group", group);
    atLeastOne("threads", threads);
    atLeastOne("pollRecords", pollRecords);
    atLeastOne("maxUncommittedRecords", maxUncommittedRecords);
    atLeastOne("maxInFlightBytes", maxInFlightBytes);
    atLeastOne("commitInterval in ms", commitInterval.toMillis());
    atLeastOne("drainLimit in ms", drainLimit.toMillis());
    atLeastOne("stallLimit in ms", stallLimit.toMillis());
    if (drainLimit.toMillis() > ClientSettings.MAX_POLL_INTERVAL_MS / 2) {
      throw new IllegalArgumentException(
          "drainLimit must not exceed half of max.poll.interval.ms: " + drainLimit);
    }
  }

  /** With the usual limit of stalls. */
  public GroupSettings(
      String role,
      String topic,
      String group,
      int threads,
      int pollRecords,
      int maxUncommittedRecords,
      long maxInFlightBytes,
      Duration commitInterval,
      Duration drainLimit,
      GroupProtocol protocol) {
    this(
        role,
        topic,
        group,
        threads,
        pollRecords,
        maxUncommittedRecords,
        maxInFlightBytes,
        commitInterval,
        drainLimit,
        protocol,
        DEFAULT_STALL_LIMIT);
  }

  private static void notBlank(String name, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " is empty");
    }
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be ≥ 1: " + value);
    }
  }
}
