package io.thunderhead.app.cli;

import io.thunderhead.app.config.SnapshotDirectorySetting;
import io.thunderhead.serving.snapshot.SnapshotConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether, where and how often a node writes its store down. */
final class SnapshotFlags {
  private static final SnapshotConfig DEFAULTS = SnapshotConfig.of(Path.of("."));

  @Option(
      names = "--snapshot-dir",
      paramLabel = "DIR",
      description =
          "Directory of this node alone, which must exist, for snapshots of the store: a start loads"
              + " the newest and reads the log from there. Without it a start reads the log alone.")
  private @Nullable Path snapshotDir;

  @Option(
      names = "--snapshot-interval",
      paramLabel = "TIME",
      converter = Span.Converter.class,
      description = "How often a snapshot is written: 90s, 5m, 1h.")
  private Span snapshotInterval = new Span(DEFAULTS.interval());

  @Option(
      names = "--max-snapshot-age",
      paramLabel = "TIME",
      converter = Span.Converter.class,
      description =
          "How old the newest snapshot may be before the node calls itself not ready; it goes on"
              + " answering. 0: as old as it likes.")
  private Span maxSnapshotAge = new Span(DEFAULTS.maxAge());

  @Nullable SnapshotConfig config(int threads) {
    Path directory = snapshotDir;
    if (directory == null) {
      return null;
    }
    Duration interval = snapshotInterval.duration();
    Duration maxAge = maxSnapshotAge.duration();
    return new SnapshotConfig(SnapshotDirectorySetting.check(directory), interval, maxAge, threads);
  }
}
