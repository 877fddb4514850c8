package io.thunderhead.app.deadletters;

import java.util.TreeMap;
import java.util.function.BiConsumer;

/** How many letters there are, by topic, partition and reason. Used by one thread. */
final class LetterCounts {
  /** Reasons are foreign text; beyond this many groups the rest is counted together. */
  private static final int MAX_GROUPS = 10_000;

  private final TreeMap<Group, Tally> groups = new TreeMap<>();

  /** What is counted together: letters of a topic, in one partition of its dead-letter topic. */
  record Group(String topic, int partition, String reason) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byTopic = topic.compareTo(other.topic);
      int byPartition = Integer.compare(partition, other.partition);
      return byTopic != 0
          ? byTopic
          : byPartition != 0 ? byPartition : reason.compareTo(other.reason);
    }
  }

  /** The letters of a group. */
  static final class Tally {
    private long letters;
    private long redriven;
    private long bytes;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;

    long letters() {
      return letters;
    }

    /** How many of them were put back at least once. */
    long redriven() {
      return redriven;
    }

    long bytes() {
      return bytes;
    }

    long firstMs() {
      return firstMs;
    }

    long lastMs() {
      return lastMs;
    }
  }

  void add(String topic, Letter letter, int timesRedriven) {
    Group group = new Group(topic, letter.message().partition(), letter.reason());
    if (groups.size() >= MAX_GROUPS && !groups.containsKey(group)) {
      group = new Group(topic, letter.message().partition(), "other");
    }
    Tally tally = groups.computeIfAbsent(group, _ -> new Tally());
    tally.letters++;
    tally.redriven += timesRedriven > 0 ? 1 : 0;
    tally.bytes += letter.bytes().length;
    tally.firstMs = Math.min(tally.firstMs, letter.message().timestamp());
    tally.lastMs = Math.max(tally.lastMs, letter.message().timestamp());
  }

  void forEach(BiConsumer<Group, Tally> each) {
    groups.forEach(each);
  }
}
