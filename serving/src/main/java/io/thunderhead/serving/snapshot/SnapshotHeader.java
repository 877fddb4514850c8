package io.thunderhead.serving.snapshot;

import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.store.StoreConfig;

/**
 * What a snapshot says of itself before its posts.
 *
 * @param takenAtMs UNIX milliseconds
 * @param topic the log's name
 * @param offsets how far the log was applied before the first post was written
 * @param retentionSeconds of the store that it was taken of, as are the next two
 * @param futureSkewSeconds see {@link StoreConfig}
 * @param maxPostsKeptPerAuthor see {@link StoreConfig}
 */
record SnapshotHeader(
    long takenAtMs,
    String topic,
    AppliedOffsets offsets,
    long retentionSeconds,
    long futureSkewSeconds,
    int maxPostsKeptPerAuthor) {

  static SnapshotHeader of(
      long takenAtMs, String topic, AppliedOffsets offsets, StoreConfig limits) {
    return new SnapshotHeader(
        takenAtMs,
        topic,
        offsets,
        limits.retentionSeconds(),
        limits.futureSkewSeconds(),
        limits.maxPostsKeptPerAuthor());
  }

  /**
   * Refuses what would leave a store with less than the log could give it.
   *
   * @throws RefusedSnapshotException for a snapshot of another topic, or of narrower limits
   */
  void check(String wantedTopic, StoreConfig wanted) throws RefusedSnapshotException {
    if (!topic.equals(wantedTopic)) {
      throw new RefusedSnapshotException(
          RefusedSnapshotException.Reason.OTHER_TOPIC,
          "is of the topic " + topic + ", not " + wantedTopic);
    }
    narrower("retention in seconds", retentionSeconds, wanted.retentionSeconds());
    narrower("future skew in seconds", futureSkewSeconds, wanted.futureSkewSeconds());
    narrower("posts kept per author", maxPostsKeptPerAuthor, wanted.maxPostsKeptPerAuthor());
  }

  private static void narrower(String limit, long taken, long wanted)
      throws RefusedSnapshotException {
    if (taken < wanted) {
      throw new RefusedSnapshotException(
          RefusedSnapshotException.Reason.NARROWER_LIMITS,
          "was taken with a lower limit than this node has: %s %d, now %d"
              .formatted(limit, taken, wanted));
    }
  }
}
