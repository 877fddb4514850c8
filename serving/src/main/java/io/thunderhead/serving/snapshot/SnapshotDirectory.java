package io.thunderhead.serving.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The snapshots of one node, by number. A snapshot has its name only once all of it is on disk: it
 * is written under another, forced out, renamed, and the directory is forced out. Whatever has that
 * other name at the start is what a process left that was killed.
 *
 * <pre>
 *  lock                               held while a node runs
 *  0000000000000000041.snapshot
 *  0000000000000000042.snapshot       the newest
 *  0000000000000000043.unfinished
 * </pre>
 */
final class SnapshotDirectory implements AutoCloseable {
  private static final int KEPT = 2;
  private static final String FINISHED = ".snapshot";
  private static final String UNFINISHED = ".unfinished";
  private static final Pattern NAME = Pattern.compile("([0-9]{19})\\.(snapshot|unfinished)");

  private final Path directory;
  private final FileChannel lockFile;
  private final Set<Path> refused = new HashSet<>();
  private long lastNumber;

  private SnapshotDirectory(Path directory, FileChannel lockFile) throws IOException {
    this.directory = directory;
    this.lockFile = lockFile;
    for (Path file : list()) {
      lastNumber = Math.max(lastNumber, number(file));
      if (file.toString().endsWith(UNFINISHED)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Takes the directory for this process.
   *
   * @throws IOException if it is missing, can't be written, or another node has it; the message is
   *     for a person
   */
  static SnapshotDirectory open(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      throw new NoSuchFileException("snapshot directory " + directory + " does not exist");
    }
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException("snapshot directory " + directory + " is no directory");
    }
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(lockFile, directory);
      return new SnapshotDirectory(directory, lockFile);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static void lock(FileChannel lockFile, Path directory) throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IOException(
          "snapshot directory %s is another node's: each needs one of its own"
              .formatted(directory));
    }
  }

  /** The finished ones. */
  List<Path> newestFirst() throws IOException {
    List<Path> finished = new ArrayList<>();
    for (Path file : list()) {
      if (file.toString().endsWith(FINISHED)) {
        finished.add(file);
      }
    }
    finished.sort(Comparator.comparingLong(SnapshotDirectory::number).reversed());
    return finished;
  }

  /** Where the next snapshot is to be written before it is {@link #publish published}. */
  Path next() {
    lastNumber++;
    return directory.resolve("%019d%s".formatted(lastNumber, UNFINISHED));
  }

  /** Bytes that may still be written here. */
  long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Gives a forced out file its name, and removes all but the last two. */
  Path publish(Path unfinished) throws IOException {
    String name = unfinished.getFileName().toString().replace(UNFINISHED, FINISHED);
    Path finished = directory.resolve(name);
    Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
    force();
    removeOld();
    return finished;
  }

  /** A snapshot that can't be loaded is not one of the two that are kept. */
  void refuse(Path file) {
    refused.add(file);
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private void removeOld() throws IOException {
    int kept = 0;
    for (Path file : newestFirst()) {
      if (refused.contains(file) || ++kept > KEPT) {
        Files.deleteIfExists(file);
        refused.remove(file);
      }
    }
  }

  private void force() throws IOException {
    try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> NAME.matcher(file.getFileName().toString()).matches()).toList();
    }
  }

  private static long number(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException(file + " is no snapshot");
    }
    return Long.parseLong(name.group(1));
  }
}
