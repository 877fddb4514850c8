package io.thunderhead.serving;

import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.replay.ReplayConfig;
import io.thunderhead.serving.snapshot.SnapshotConfig;
import io.thunderhead.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about a serving node; each part checks its own.
 *
 * @param replay the topic and how it is read
 * @param store retention and limits per author
 * @param feed how requests are answered
 * @param followingFile who follows whom, for requests without a list; null for none
 * @param drainGrace how long requests under way may take at the end
 * @param snapshots where the store is written down; null for nowhere
 */
public record ServeConfig(
    ReplayConfig replay,
    StoreConfig store,
    FeedConfig feed,
    @Nullable Path followingFile,
    Duration drainGrace,
    @Nullable SnapshotConfig snapshots) {

  public ServeConfig {
    if (drainGrace.isNegative()) {
      throw new IllegalArgumentException("drainGrace must not be below zero");
    }
  }

  /** Without snapshots. */
  public ServeConfig(
      ReplayConfig replay,
      StoreConfig store,
      FeedConfig feed,
      @Nullable Path followingFile,
      Duration drainGrace) {
    this(replay, store, feed, followingFile, drainGrace, null);
  }

  /** The same with snapshots; null for none. */
  public ServeConfig withSnapshots(@Nullable SnapshotConfig where) {
    return new ServeConfig(replay, store, feed, followingFile, drainGrace, where);
  }

  /** The defaults of every part, for {@code topic}, with 10 s to drain. */
  public static ServeConfig of(String topic) {
    return new ServeConfig(
        ReplayConfig.of(topic),
        StoreConfig.defaults(),
        FeedConfig.defaults(),
        null,
        Duration.ofSeconds(10));
  }
}
