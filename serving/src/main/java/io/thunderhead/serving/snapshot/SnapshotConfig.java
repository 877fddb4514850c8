package io.thunderhead.serving.snapshot;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how often the store is written down.
 *
 * @param directory belongs to one node alone; must exist
 * @param interval from the beginning of one snapshot to that of the next
 * @param maxAge how old the newest snapshot may be before the node calls itself not ready; zero: as
 *     old as it likes
 * @param loadThreads threads that load a snapshot at the start
 */
public record SnapshotConfig(Path directory, Duration interval, Duration maxAge, int loadThreads) {
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(7);

  public SnapshotConfig {
    if (interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("snapshotInterval must be 1s to 7d, is " + interval);
    }
    if (!maxAge.isZero() && (maxAge.compareTo(interval) < 0 || maxAge.compareTo(MOST) > 0)) {
      throw new IllegalArgumentException(
          "maxSnapshotAge must be 0 or from the snapshot interval to 7d, is " + maxAge);
    }
    if (loadThreads < 1 || loadThreads > 1024) {
      throw new IllegalArgumentException("loadThreads must be 1 to 1024, is " + loadThreads);
    }
  }

  /** Every minute, ten minutes old at most, loaded by as many threads as there are processors. */
  public static SnapshotConfig of(Path directory) {
    return new SnapshotConfig(
        directory,
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Runtime.getRuntime().availableProcessors());
  }
}
