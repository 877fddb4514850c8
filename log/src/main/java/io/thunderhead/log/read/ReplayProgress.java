package io.thunderhead.log.read;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of a topic is, over all its partitions. Every answer is computed from the
 * state as it is now, never remembered: a partition that turns up later makes {@link #caughtUp}
 * false again until it is read. Any thread may ask.
 */
public final class ReplayProgress {
  private static final int MAX_REASONS = 4;
  private static final PartitionProgress[] NONE = {};

  private final String topic;
  private final InstantSource clock;

  /** Replaced as a whole by the supervisor, never changed; the index is the partition. */
  private volatile PartitionProgress[] partitions = NONE;

  /** Why the partitions are not known, or null; the supervisor's. */
  private volatile @Nullable String obstacle = "not asked the broker yet";

  /** The broker says that there is no such topic; the supervisor's. */
  private volatile boolean topicMissing;

  ReplayProgress(String topic, InstantSource clock) {
    this.topic = topic;
    this.clock = clock;
  }

  /** True if everything is applied that each partition held when its reading began. */
  public boolean caughtUp() {
    PartitionProgress[] now = partitions;
    for (PartitionProgress partition : now) {
      if (!partition.caughtUp()) {
        return false;
      }
    }
    return now.length > 0;
  }

  /** Everything logged before this is applied, on every partition; UNIX milliseconds, or 0. */
  public long asOfMs() {
    PartitionProgress[] now = partitions;
    long oldest = now.length == 0 ? 0 : Long.MAX_VALUE;
    for (PartitionProgress partition : now) {
      oldest = Math.min(oldest, partition.asOfMs());
    }
    return oldest;
  }

  /** Records not applied yet, as far as the last answered end offsets tell. */
  public long lag() {
    long sum = 0;
    for (PartitionState state : partitions()) {
      sum += state.lag();
    }
    return sum;
  }

  /** True while events within the window are missing that the log no longer had. */
  public boolean gap() {
    long nowMs = clock.millis();
    for (PartitionProgress partition : partitions) {
      if (partition.gap(nowMs)) {
        return true;
      }
    }
    return false;
  }

  /** Every partition's state, by number. */
  public List<PartitionState> partitions() {
    long nowMs = clock.millis();
    PartitionProgress[] now = partitions;
    List<PartitionState> states = new ArrayList<>(now.length);
    for (PartitionProgress partition : now) {
      states.add(partition.state(nowMs));
    }
    return states;
  }

  /** What keeps {@link #caughtUp} from being true, in words; empty if nothing does. */
  public List<String> reasonsNotReady() {
    List<String> reasons = new ArrayList<>();
    String missing = obstacle;
    if (partitions.length == 0) {
      reasons.add("topic " + topic + ": " + (missing == null ? "no partitions" : missing));
      return reasons;
    }
    int more = 0;
    for (PartitionState state : partitions()) {
      if (state.caughtUp()) {
        continue;
      }
      if (reasons.size() == MAX_REASONS) {
        more++;
      } else if (state.targetOffset() < 0) {
        reasons.add("partition " + state.partition() + ": its offsets are not known yet");
      } else {
        reasons.add(
            "partition %d: applied up to %d of %d"
                .formatted(state.partition(), state.appliedOffset(), state.targetOffset()));
      }
    }
    if (more > 0) {
      reasons.add("and " + more + " more partitions");
    }
    return reasons;
  }

  PartitionProgress[] current() {
    return partitions;
  }

  void replace(PartitionProgress[] now) {
    partitions = now;
  }

  /** The broker answered with the topic's partitions. */
  void found() {
    obstacle = null;
    topicMissing = false;
  }

  void obstacle(String reason, boolean missing) {
    obstacle = reason;
    topicMissing = missing;
  }

  boolean topicMissing() {
    return topicMissing;
  }
}
