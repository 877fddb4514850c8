package io.thunderhead.app.audit;

import java.util.List;

/**
 * How many events of a topic are there for the second time, and how many were before some moments.
 *
 * @param before up to each of the offsets asked for
 */
public record TopicRepeats(Part all, List<Part> before) {
  public TopicRepeats {
    before = List.copyOf(before);
  }

  /**
   * A part of a topic.
   *
   * @param twice events whose post was there already, late enrichments apart
   */
  public record Part(long events, long twice) {}
}
