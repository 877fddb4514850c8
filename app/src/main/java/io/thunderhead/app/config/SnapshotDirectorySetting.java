package io.thunderhead.app.config;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory of {@code --snapshot-dir}. It is never made: one that is missing is more likely a
 * disk that isn't mounted, and a snapshot beside it would fill another.
 */
public final class SnapshotDirectorySetting {
  private SnapshotDirectorySetting() {}

  /**
   * The same path.
   *
   * @throws IllegalArgumentException if snapshots can't be kept there
   */
  public static Path check(Path directory) {
    if (!Files.exists(directory)) {
      throw wrong(directory, "does not exist; make it first");
    }
    if (!Files.isDirectory(directory)) {
      throw wrong(directory, "is no directory");
    }
    if (!Files.isReadable(directory) || !Files.isExecutable(directory)) {
      throw wrong(directory, "can't be read");
    }
    if (!Files.isWritable(directory)) {
      throw wrong(directory, "can't be written");
    }
    return directory;
  }

  private static IllegalArgumentException wrong(Path directory, String why) {
    return new IllegalArgumentException("--snapshot-dir " + directory + " " + why);
  }
}
