package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.protocol.v1.Activity;
import java.util.HashSet;
import java.util.Set;

/**
 * The last activities by post id and verb, to know one that comes again. At least the last {@code
 * window} are remembered and at most twice as many: when one set is full, the set before it is
 * forgotten. Used by one thread.
 */
final class RecentActivities {
  private final int window;
  private Set<Long> current = new HashSet<>();
  private Set<Long> before = new HashSet<>();

  /** Remembers nothing if the window is 0. */
  RecentActivities(int window) {
    this.window = window;
  }

  /** What an activity is known by. */
  static long keyOf(Activity activity) {
    // A post and its delete have the same id; the multiples keep the verbs apart.
    return activity.getPostId() + activity.getVerbValue() * 0x9e3779b97f4a7c15L;
  }

  /** Whether it is new; from now on it is not. */
  boolean add(long key) {
    if (window == 0) {
      return true;
    }
    if (before.contains(key) || !current.add(key)) {
      return false;
    }
    if (current.size() >= window) {
      before = current;
      current = new HashSet<>();
    }
    return true;
  }
}
