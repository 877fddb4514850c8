package io.thunderhead.pipeline.edge.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of a spool.
 *
 * <pre>
 *   "THSPOOL1" | begun, Unix ms: 8 | length: 4 | CRC-32C of the length and the entry: 4 | entry | …
 * </pre>
 *
 * All numbers are big-endian. Guarded by its spool.
 */
final class Segment {
  static final int HEADER_BYTES = 16;
  static final int ENTRY_OVERHEAD_BYTES = 8;
  static final String SUFFIX = ".spool";

  private static final long MAGIC = 0x54485350_4f4f4c31L;

  final long number;
  final Path file;
  final long begunMs;
  final FileChannel channel;

  /** Up to where entries are whole; what lies behind is no part of the segment. */
  long length;

  long entries;

  private Segment(long number, Path file, long begunMs, FileChannel channel) {
    this.number = number;
    this.file = file;
    this.begunMs = begunMs;
    this.channel = channel;
    this.length = HEADER_BYTES;
  }

  static Path file(Path directory, long number) {
    return directory.resolve("%019d%s".formatted(number, SUFFIX));
  }

  static Segment create(Path directory, long number, long nowMs) throws IOException {
    Path file = file(directory, number);
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putLong(nowMs).flip();
      write(channel, header, 0);
      channel.force(true);
      return new Segment(number, file, nowMs, channel);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Opens what another process wrote, and finds where its whole entries end. */
  static Segment recover(Path file, long number, int maxEntryBytes) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    boolean whole = read(channel, header, 0);
    Segment segment = new Segment(number, file, whole ? header.getLong(8) : 0, channel);
    if (!whole || header.getLong(0) != MAGIC) {
      segment.length = 0;
      return segment;
    }
    byte[] entry = segment.entryAt(HEADER_BYTES, channel.size(), maxEntryBytes);
    while (entry != null) {
      segment.length += ENTRY_OVERHEAD_BYTES + entry.length;
      segment.entries++;
      entry = segment.entryAt(segment.length, channel.size(), maxEntryBytes);
    }
    return segment;
  }

  /** The entry at an offset, or null if there is no whole one before the end. */
  byte @org.jspecify.annotations.Nullable [] entryAt(long offset, long end, int maxEntryBytes)
      throws IOException {
    ByteBuffer head = ByteBuffer.allocate(ENTRY_OVERHEAD_BYTES);
    if (offset + ENTRY_OVERHEAD_BYTES > end || !read(channel, head, offset)) {
      return null;
    }
    int size = head.getInt(0);
    if (size < 0 || size > maxEntryBytes || offset + ENTRY_OVERHEAD_BYTES + size > end) {
      return null;
    }
    byte[] entry = new byte[size];
    if (!read(channel, ByteBuffer.wrap(entry), offset + ENTRY_OVERHEAD_BYTES)) {
      return null;
    }
    return checksum(entry, 0, size) == head.getInt(4) ? entry : null;
  }

  static int checksum(byte[] src, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(length >>> 24);
    crc.update(length >>> 16);
    crc.update(length >>> 8);
    crc.update(length);
    crc.update(src, offset, length);
    return (int) crc.getValue();
  }

  static void write(FileChannel channel, ByteBuffer from, long offset) throws IOException {
    long at = offset;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  private static boolean read(FileChannel channel, ByteBuffer to, long offset) throws IOException {
    long at = offset;
    while (to.hasRemaining()) {
      int got = channel.read(to, at);
      if (got < 0) {
        return false;
      }
      at += got;
    }
    return true;
  }
}
