package io.thunderhead.pipeline.edge.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the last safe activities on disk, so that an edge that comes back knows what it has
 * taken already. What counts of it is what the cursor file says: a key beyond its mark is of an
 * activity that this file does not count yet, and has to be forgotten with it.
 *
 * <pre>
 *   cursor.json            {…, "recent": {"generation": 7, "bytes": 24}}
 *   cursor.json.recent-7   [key][key][key][key)      the fourth was not saved: it is read again
 * </pre>
 *
 * <p>A generation that has grown to four windows is gone on with in a new file, which begins with
 * the last two. The old file leaves once the mark of the new one is saved. Used by one thread.
 */
final class RecentJournal implements Closeable {
  private static final int KEY_BYTES = Long.BYTES;

  private final Path cursorFile;
  private final long window;
  private long[] known = {};
  private Mark mark;
  private FileChannel channel;
  private @Nullable Path outdated;

  /** Up to where a generation counts. */
  record Mark(long generation, long bytes) {
    static final Mark NONE = new Mark(0, 0);
  }

  private RecentJournal(Path cursorFile, int window, Mark mark) throws IOException {
    this.cursorFile = cursorFile;
    this.window = window;
    Path before = file(cursorFile, mark.generation());
    this.mark = new Mark(mark.generation() + 1, 0);
    this.channel = open(file(cursorFile, this.mark.generation()));
    if (mark.bytes() > 0 && Files.exists(before)) {
      try (FileChannel old = FileChannel.open(before, StandardOpenOption.READ)) {
        ByteBuffer kept = tail(old, Math.min(mark.bytes(), old.size()));
        known = new long[kept.remaining() / KEY_BYTES];
        kept.asLongBuffer().get(known);
        write(kept);
      }
    }
    outdated = before;
  }

  /** Begins a new generation with what counts of the one that a mark names. */
  static RecentJournal open(Path cursorFile, int window, Mark mark) throws IOException {
    return new RecentJournal(cursorFile, window, mark);
  }

  /** Removes what belongs to a cursor file that is removed. */
  void delete() throws IOException {
    close();
    Files.deleteIfExists(file(cursorFile, mark.generation()));
    dropOutdated();
  }

  /** The keys that were known at the start, oldest first; once. */
  long[] takeKnown() {
    long[] keys = known;
    known = new long[0];
    return keys;
  }

  /** Adds keys, and returns the mark that covers them when the disk has them. */
  Mark append(List<Long> keys) throws IOException {
    if (mark.bytes() >= 4 * window * KEY_BYTES) {
      rotate();
    }
    ByteBuffer bytes = ByteBuffer.allocate(keys.size() * KEY_BYTES);
    keys.forEach(bytes::putLong);
    write(bytes.flip());
    channel.force(false);
    return mark;
  }

  /** The cursor file has the last mark: what is older can go. */
  void saved() throws IOException {
    dropOutdated();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void rotate() throws IOException {
    dropOutdated();
    ByteBuffer kept = tail(channel, mark.bytes());
    Path full = file(cursorFile, mark.generation());
    FileChannel next = open(file(cursorFile, mark.generation() + 1));
    channel.close();
    channel = next;
    mark = new Mark(mark.generation() + 1, 0);
    outdated = full;
    write(kept);
  }

  private void dropOutdated() throws IOException {
    Path old = outdated;
    if (old != null) {
      Files.deleteIfExists(old);
      outdated = null;
    }
  }

  /** Writes behind the mark, over what a failed attempt may have left there. */
  private void write(ByteBuffer bytes) throws IOException {
    long at = mark.bytes();
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    mark = new Mark(mark.generation(), at);
  }

  private ByteBuffer tail(FileChannel from, long end) throws IOException {
    long whole = end / KEY_BYTES * KEY_BYTES;
    long begin = Math.max(0, whole - 2 * window * KEY_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(whole - begin));
    while (bytes.hasRemaining() && from.read(bytes, begin + bytes.position()) >= 0) {}
    return bytes.flip();
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static Path file(Path cursorFile, long generation) {
    return cursorFile.resolveSibling(cursorFile.getFileName() + ".recent-" + generation);
  }
}
