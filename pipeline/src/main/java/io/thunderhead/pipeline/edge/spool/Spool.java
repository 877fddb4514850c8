package io.thunderhead.pipeline.edge.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded queue of entries on disk, oldest first. An entry is safe only once {@link #sync} has
 * returned after its append, and is kept until it is released.
 *
 * <pre>
 *   0000000000000000007.spool   [e1][e2][e3]
 *                                    ▲ released: kept in the file "released"; before it all may go
 *   0000000000000000008.spool   [e4][e5][e6)( torn: cut at the next start
 *                                    ▲ read          ▲ synced: what a reader may see
 * </pre>
 *
 * <ul>
 *   <li>One process at a time: the file {@code lock} is locked as long as it is open.
 *   <li>A segment leaves once all of it is released. The place of release is written beside, now
 *       and then: after a kill some entries are read again.
 *   <li>What a killed process had not synced may be torn. It is cut off and counted; it was never
 *       said to be safe. Broken bytes before whole ones are damage: that segment's rest is set
 *       aside with the suffix {@code .damaged} and counted.
 *   <li>A disk without room is a spool without room.
 * </ul>
 *
 * Any thread may call; one at a time gets in.
 */
public final class Spool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  /** The largest entry. */
  public static final int MAX_ENTRY_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 20;
  private static final Pattern NAME = Pattern.compile("(\\d{19})\\.spool");
  private static final String RELEASED = "released";

  private final Path directory;
  private final long maxBytes;
  private final long segmentBytes;
  private final InstantSource clock;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  // All below: guarded by this.
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private long nextNumber = 1;
  private SpoolPosition released = new SpoolPosition(0, 0);
  private SpoolPosition read = new SpoolPosition(0, 0);
  private long releasedEntries;
  private long synced;
  private long bufferedEntries;

  /** Since a write failed: what fills the disk may be our own last segment, so it leaves early. */
  private boolean diskRefuses;

  private long tornBytes;
  private long damagedSegments;

  private Spool(
      Path directory, long maxBytes, InstantSource clock, FileChannel lockFile, FileLock lock) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.segmentBytes = Math.max(1 << 16, Math.min(64L << 20, maxBytes / 8));
    this.clock = clock;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Opens a directory, which is created if it is missing, with what an earlier process left.
   *
   * @throws SpoolException if another process has it
   */
  public static Spool open(Path directory, long maxBytes, InstantSource clock) throws IOException {
    Files.createDirectories(directory);
    FileChannel lockFile =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = tryLock(lockFile);
      if (lock == null) {
        throw new SpoolException("another process uses the spool directory " + directory);
      }
      Spool spool = new Spool(directory, maxBytes, clock, lockFile, lock);
      spool.recover();
      return spool;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  /** Appends one entry; returns false if there is no room for it now. */
  public synchronized boolean append(byte[] src, int offset, int length) throws IOException {
    if (length > MAX_ENTRY_BYTES) {
      throw new IllegalArgumentException("an entry of " + length + " bytes is too long");
    }
    long needed = Segment.ENTRY_OVERHEAD_BYTES + (long) length;
    if (sizeBytes() + needed + Segment.HEADER_BYTES > maxBytes) {
      return false;
    }
    Segment last = segments.peekLast();
    if (last == null || last.length + buffer.position() + needed > segmentBytes) {
      sync();
      last = segments.peekLast();
      if (last == null || last.length + needed > segmentBytes) {
        last = begin();
      }
    }
    if (buffer.remaining() < needed) {
      flush(last);
    }
    if (needed > buffer.capacity()) {
      ByteBuffer large = ByteBuffer.allocate((int) needed);
      put(large, src, offset, length);
      Segment.write(last.channel, large.flip(), last.length);
      last.length += needed;
      last.entries++;
      return true;
    }
    put(buffer, src, offset, length);
    bufferedEntries++;
    return true;
  }

  /** Makes everything appended safe, and lets readers see it. */
  public synchronized void sync() throws IOException {
    Segment last = segments.peekLast();
    if (last == null) {
      if (buffer.position() == 0) {
        return;
      }
      last = begin();
    }
    try {
      flush(last);
    } finally {
      // Where the disk takes no more, what it has taken is to be read and to make room.
      if (synced < last.length) {
        last.channel.force(false);
        synced = last.length;
      }
    }
  }

  /** The next entry that is safe, or null if there is none; {@link #readUpTo} is behind it then. */
  public synchronized byte @Nullable [] read() throws IOException {
    for (Segment segment : segments) {
      if (segment.number < read.segment()) {
        continue;
      }
      long at = segment.number == read.segment() ? read.offset() : Segment.HEADER_BYTES;
      long end = segment == segments.peekLast() ? synced : segment.length;
      if (at >= end) {
        continue;
      }
      byte[] entry = segment.entryAt(at, end, MAX_ENTRY_BYTES);
      if (entry == null) {
        throw new IOException("the entry at " + at + " of " + segment.file + " has changed");
      }
      read = new SpoolPosition(segment.number, at + Segment.ENTRY_OVERHEAD_BYTES + entry.length);
      return entry;
    }
    return null;
  }

  /** The place behind the last entry read. */
  public synchronized SpoolPosition readUpTo() {
    return read;
  }

  /** Reads again from the oldest entry that is not released. */
  public synchronized void rewind() {
    read = released;
  }

  /** Lets go of everything before a place, which must have been read. */
  public synchronized void release(SpoolPosition upTo, long entries) throws IOException {
    if (upTo.compareTo(released) <= 0) {
      return;
    }
    released = upTo;
    releasedEntries += entries;
    while (!segments.isEmpty()) {
      Segment first = segments.getFirst();
      boolean done =
          first.number < upTo.segment()
              || (first.number == upTo.segment()
                  && upTo.offset() >= first.length
                  && (segments.size() > 1
                      || (synced == first.length && (buffer.position() == 0 || diskRefuses))));
      if (!done) {
        return;
      }
      segments.removeFirst();
      releasedEntries = Math.max(0, releasedEntries - first.entries);
      first.channel.close();
      Files.deleteIfExists(first.file);
    }
    synced = 0;
  }

  /** Writes down how far was released, so that a start after a kill reads less again. */
  public synchronized void saveReleased() throws IOException {
    Path file = directory.resolve(RELEASED);
    Path next = directory.resolve(RELEASED + ".new");
    Files.writeString(next, released.segment() + " " + released.offset() + "\n");
    try {
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** True if there is nothing that a reader has not read, safe or not yet. */
  public synchronized boolean allRead() {
    return unreadBytes() == 0;
  }

  public synchronized SpoolStats stats() {
    long entries = bufferedEntries - releasedEntries;
    for (Segment segment : segments) {
      entries += segment.entries;
    }
    Segment oldest = segments.peekFirst();
    boolean empty = entries <= 0 || oldest == null;
    return new SpoolStats(
        sizeBytes(),
        unreadBytes(),
        segments.size(),
        Math.max(0, entries),
        empty || oldest == null ? 0 : oldest.begunMs,
        tornBytes,
        damagedSegments);
  }

  /** Makes everything safe and lets the directory go. */
  @Override
  public synchronized void close() throws IOException {
    try (lockFile;
        lock) {
      sync();
      saveReleased();
      for (Segment segment : segments) {
        segment.channel.close();
      }
    }
  }

  private long sizeBytes() {
    long bytes = buffer.position();
    for (Segment segment : segments) {
      bytes += segment.length;
    }
    return bytes;
  }

  private long unreadBytes() {
    long bytes = buffer.position();
    for (Segment segment : segments) {
      if (segment.number > read.segment()) {
        bytes += segment.length - Segment.HEADER_BYTES;
      } else if (segment.number == read.segment()) {
        bytes += Math.max(0, segment.length - Math.max(Segment.HEADER_BYTES, read.offset()));
      }
    }
    return bytes;
  }

  private Segment begin() throws IOException {
    Segment segment = Segment.create(directory, nextNumber, clock.millis());
    nextNumber++;
    segments.addLast(segment);
    synced = segment.length;
    return segment;
  }

  private void flush(Segment last) throws IOException {
    if (buffer.position() == 0) {
      return;
    }
    int size = buffer.position();
    try {
      Segment.write(last.channel, buffer.flip(), last.length);
    } catch (IOException e) {
      buffer
          .limit(buffer.capacity())
          .position(size); // Nothing of it counts; it may be tried again.
      diskRefuses = true;
      throw e;
    }
    diskRefuses = false;
    last.length += size;
    last.entries += bufferedEntries;
    bufferedEntries = 0;
    buffer.clear();
  }

  private static void put(ByteBuffer to, byte[] src, int offset, int length) {
    to.putInt(length).putInt(Segment.checksum(src, offset, length)).put(src, offset, length);
  }

  private void recover() throws IOException {
    Files.deleteIfExists(directory.resolve(RELEASED + ".new"));
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
              .sorted()
              .toList();
    }
    for (Iterator<Path> each = files.iterator(); each.hasNext(); ) {
      recover(each.next(), !each.hasNext());
    }
    Segment last = segments.peekLast();
    synced = last == null ? 0 : last.length;
    SpoolPosition saved = savedPosition();
    if (saved != null && segments.stream().anyMatch(s -> s.number == saved.segment())) {
      released = saved;
      releasedEntries = entriesBefore(saved);
    }
    nextNumber = Math.max(nextNumber, saved == null ? 1 : saved.segment() + 1);
    read = released;
    if (tornBytes > 0) {
      LOG.info("Cut {} bytes that were never safe from the end of {}", tornBytes, directory);
    }
  }

  private void recover(Path file, boolean last) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return;
    }
    long number = Long.parseLong(name.group(1));
    nextNumber = Math.max(nextNumber, number + 1);
    Segment segment = Segment.recover(file, number, MAX_ENTRY_BYTES);
    long excess = segment.channel.size() - segment.length;
    if (excess > 0) {
      if (last) {
        tornBytes += excess;
      } else {
        damagedSegments++;
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn("{} bytes of {} are damaged; the file was copied to {}", excess, file, aside);
      }
      segment.channel.truncate(segment.length);
      segment.channel.force(true);
    }
    if (segment.entries == 0) {
      segment.channel.close();
      Files.deleteIfExists(file);
    } else {
      segments.addLast(segment);
    }
  }

  private @Nullable SpoolPosition savedPosition() throws IOException {
    Path file = directory.resolve(RELEASED);
    if (!Files.exists(file)) {
      return null;
    }
    String[] parts = Files.readString(file).strip().split(" ", -1);
    try {
      return parts.length == 2
          ? new SpoolPosition(Long.parseLong(parts[0]), Long.parseLong(parts[1]))
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private long entriesBefore(SpoolPosition place) throws IOException {
    long entries = 0;
    for (Segment segment : segments) {
      if (segment.number < place.segment()) {
        entries += segment.entries;
      } else if (segment.number == place.segment()) {
        long at = Segment.HEADER_BYTES;
        while (at < place.offset()) {
          byte[] entry = segment.entryAt(at, segment.length, MAX_ENTRY_BYTES);
          if (entry == null) {
            return entries;
          }
          at += Segment.ENTRY_OVERHEAD_BYTES + entry.length;
          entries++;
        }
      }
    }
    return entries;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
