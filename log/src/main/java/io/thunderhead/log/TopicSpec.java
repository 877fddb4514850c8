package io.thunderhead.log;

import io.thunderhead.protocol.Topics;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a role wants to find it. Only a missing topic takes the numbers from here; one that
 * exists is used as it is.
 *
 * @param name the topic
 * @param partitions how many, if it must be created
 * @param replicationFactor copies, if it must be created
 * @param deadLettersOf the topic whose dead letters this one keeps, null for any other topic
 */
public record TopicSpec(
    String name, int partitions, int replicationFactor, @Nullable String deadLettersOf) {
  public TopicSpec {
    if (name.isBlank()) {
      throw new IllegalArgumentException("topic name is empty");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions of " + name + " must be ≥ 1: " + partitions);
    }
    if (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "replication factor of " + name + " must be ≥ 1: " + replicationFactor);
    }
  }

  /** A topic of events. */
  public static TopicSpec events(String name, int partitions, int replicationFactor) {
    return new TopicSpec(name, partitions, replicationFactor, null);
  }

  /** The dead letters of {@code source}: kept for ever, and with room for its largest record. */
  public static TopicSpec deadLetters(String source, int partitions, int replicationFactor) {
    return new TopicSpec(Topics.deadLetters(source), partitions, replicationFactor, source);
  }
}
