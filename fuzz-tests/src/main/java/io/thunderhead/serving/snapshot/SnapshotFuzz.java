package io.thunderhead.serving.snapshot;

import io.thunderhead.fuzz.Bounds;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;

/**
 * Snapshots: as they come, and with beginning and checksums made right, which no fuzzer would
 * guess. Whatever a file holds, it is refused or read, and what is read can be loaded into a store.
 */
public final class SnapshotFuzz {
  private static final Bounds BOUNDS = new Bounds(64 << 10, 40);
  private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_800_000_000);
  private static final StoreConfig LIMITS = StoreConfig.defaults();

  /** A store is much to make for each input. */
  private static final int LOADED_ONE_IN = 16;

  private static final Path FILE = temporaryFile();

  private SnapshotFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    one(input);
    one(sealed(input));
  }

  /** The same with a beginning, and the right checksum in every section that its heads lead to. */
  private static byte[] sealed(byte[] input) {
    byte[] file = input.clone();
    if (file.length < SnapshotFormat.PREFIX_BYTES) {
      return file;
    }
    SnapshotFormat.putLong(file, 0, SnapshotFormat.MAGIC);
    SnapshotFormat.putInt(file, 8, SnapshotFormat.VERSION);
    SnapshotFormat.putInt(file, 12, 0);
    int at = SnapshotFormat.PREFIX_BYTES;
    while (at + SnapshotFormat.HEAD_BYTES <= file.length) {
      int length = SnapshotFormat.getInt(file, at + 8);
      if (length < 0 || length > file.length - at - SnapshotFormat.HEAD_BYTES) {
        return file;
      }
      byte[] section = new byte[SnapshotFormat.HEAD_BYTES + length];
      System.arraycopy(file, at, section, 0, section.length);
      SnapshotFormat.putInt(file, at + 12, SnapshotFormat.checksum(section, length));
      at += section.length;
    }
    return file;
  }

  private static void one(byte[] bytes) throws Exception {
    Files.write(FILE, bytes);
    boolean[] accepted = new boolean[1];
    BOUNDS.hold(bytes, () -> accepted[0] = isRead());
    if (accepted[0] && Arrays.hashCode(bytes) % LOADED_ONE_IN == 0) {
      load();
    }
  }

  private static boolean isRead() throws IOException {
    PostFields post = new PostFields();
    try (SnapshotFile file = SnapshotFile.open(FILE)) {
      for (SnapshotFile.Section section : file.sections()) {
        SectionReader in = new SectionReader(file.read(section, new byte[0]), section);
        while (in.hasNext()) {
          if (section.type() == SnapshotFormat.TOMBSTONES) {
            in.nextLong();
            in.nextLong();
          } else {
            in.nextPost(post);
          }
        }
      }
      return true;
    } catch (RefusedSnapshotException e) {
      return false;
    }
  }

  private static void load() throws Exception {
    try (SnapshotFile file = SnapshotFile.open(FILE)) {
      new SnapshotLoader(new PostStore(LIMITS), CLOCK, () -> false).load(file, 1);
    } catch (RefusedSnapshotException e) {
      // A loader may be stricter than a reader.
    }
  }

  private static Path temporaryFile() {
    try {
      // A disk would be most of an input's time.
      Path memory = Path.of("/dev/shm");
      Path file =
          Files.isWritable(memory)
              ? Files.createTempFile(memory, "fuzz-", ".snapshot")
              : Files.createTempFile("fuzz-", ".snapshot");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
