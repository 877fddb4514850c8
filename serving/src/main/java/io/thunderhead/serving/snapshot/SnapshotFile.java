package io.thunderhead.serving.snapshot;

import static io.thunderhead.serving.snapshot.RefusedSnapshotException.damaged;

import io.thunderhead.log.read.AppliedOffset;
import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.snapshot.RefusedSnapshotException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * A snapshot opened for reading: whole by its structure, header and footer, while each section is
 * checked when it is read. Any number of threads read sections at once.
 *
 * <p>What it reads may be anything: nothing is allocated by a length that the file does not have,
 * and every way of being wrong ends in a {@link RefusedSnapshotException}.
 */
final class SnapshotFile implements AutoCloseable {
  private final FileChannel file;
  private final long bytes;
  private final SnapshotHeader header;
  private final List<Section> sections = new ArrayList<>();
  private long posts;
  private long tombstones;
  private long evictedBefore;

  /**
   * One section of posts or tombstones.
   *
   * @param at where its head begins
   */
  record Section(int type, int items, int length, long at) {}

  private SnapshotFile(FileChannel file) throws IOException, RefusedSnapshotException {
    this.file = file;
    this.bytes = file.size();
    checkPrefix();
    List<Section> all = new ArrayList<>();
    for (long at = SnapshotFormat.PREFIX_BYTES; at < bytes; ) {
      Section section = head(at);
      all.add(section);
      at += SnapshotFormat.HEAD_BYTES + section.length;
    }
    if (all.size() < 2
        || all.getFirst().type != SnapshotFormat.HEADER
        || all.getLast().type != SnapshotFormat.FOOTER) {
      throw damaged("it ends before its footer");
    }
    header = readHeader(new SectionReader(read(all.getFirst(), new byte[0]), all.getFirst()));
    for (Section section : all.subList(1, all.size() - 1)) {
      switch (section.type) {
        case SnapshotFormat.ORIGINALS, SnapshotFormat.OTHERS -> posts += section.items;
        case SnapshotFormat.TOMBSTONES -> tombstones += section.items;
        default -> throw damaged("a section of type " + section.type + " at " + section.at);
      }
      sections.add(section);
    }
    readFooter(new SectionReader(read(all.getLast(), new byte[0]), all.getLast()), all.size() - 1);
  }

  static SnapshotFile open(Path path) throws RefusedSnapshotException {
    try {
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new SnapshotFile(file);
      } catch (IOException | RefusedSnapshotException | RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  static RefusedSnapshotException unreadable(IOException e) {
    return new RefusedSnapshotException(Reason.UNREADABLE, "can't be read: " + e);
  }

  SnapshotHeader header() {
    return header;
  }

  long bytes() {
    return bytes;
  }

  long posts() {
    return posts;
  }

  long tombstones() {
    return tombstones;
  }

  long evictedBefore() {
    return evictedBefore;
  }

  /** Those of posts and tombstones, in the order of the file. */
  List<Section> sections() {
    return sections;
  }

  /** The section with its head, checked, in the array if it is large enough, else in a new one. */
  byte[] read(Section section, byte[] into) throws IOException, RefusedSnapshotException {
    int whole = SnapshotFormat.HEAD_BYTES + section.length;
    byte[] bytes = whole <= into.length ? into : new byte[whole];
    readFully(ByteBuffer.wrap(bytes, 0, whole), section.at);
    if (SnapshotFormat.checksum(bytes, section.length) != SnapshotFormat.getInt(bytes, 12)) {
      throw damaged("the checksum of the section at " + section.at + " is wrong");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void checkPrefix() throws IOException, RefusedSnapshotException {
    byte[] prefix = new byte[SnapshotFormat.PREFIX_BYTES];
    readFully(ByteBuffer.wrap(prefix), 0);
    if (SnapshotFormat.getLong(prefix, 0) != SnapshotFormat.MAGIC) {
      throw damaged("it does not begin like a snapshot");
    }
    int version = SnapshotFormat.getInt(prefix, 8);
    if (version > SnapshotFormat.VERSION) {
      throw new RefusedSnapshotException(
          Reason.NEWER_VERSION,
          "is of format version %d, and this program reads up to %d: it was written by a later one"
              .formatted(version, SnapshotFormat.VERSION));
    }
    if (version < 1 || SnapshotFormat.getInt(prefix, 12) != 0) {
      throw damaged("format version " + version);
    }
  }

  private Section head(long at) throws IOException, RefusedSnapshotException {
    byte[] head = new byte[SnapshotFormat.HEAD_BYTES];
    readFully(ByteBuffer.wrap(head), at);
    int type = SnapshotFormat.getInt(head, 0);
    int items = SnapshotFormat.getInt(head, 4);
    int length = SnapshotFormat.getInt(head, 8);
    if (length < 0
        || length > SnapshotFormat.MAX_SECTION_BYTES
        || items < 0
        || items > length
        || length > bytes - at - SnapshotFormat.HEAD_BYTES) {
      throw damaged(
          "the section at %d says to have %d bytes and %d items".formatted(at, length, items));
    }
    return new Section(type, items, length, at);
  }

  private SnapshotHeader readHeader(SectionReader in) throws RefusedSnapshotException {
    long takenAtMs = in.nextLong();
    long retention = in.nextLong();
    long skew = in.nextLong();
    int kept = in.nextInt();
    Uuid topicId = new Uuid(in.nextLong(), in.nextLong());
    String topic = new String(in.nextBytes(in.nextInt()), StandardCharsets.UTF_8);
    int count = in.nextInt();
    List<AppliedOffset> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int partition = in.nextInt();
      long offset = in.nextLong();
      int epoch = in.nextInt();
      long gapUntilMs = in.nextLong();
      if (partition != i || offset < 0 || epoch < -1 || gapUntilMs < 0) {
        throw damaged("partition " + i + " of the header");
      }
      partitions.add(new AppliedOffset(partition, offset, epoch, gapUntilMs));
    }
    in.end();
    return new SnapshotHeader(
        takenAtMs, topic, new AppliedOffsets(topicId, partitions), retention, skew, kept);
  }

  private void readFooter(SectionReader in, int before) throws RefusedSnapshotException {
    long saidPosts = in.nextLong();
    long saidTombstones = in.nextLong();
    evictedBefore = in.nextLong();
    int saidSections = in.nextInt();
    in.end();
    if (saidPosts != posts || saidTombstones != tombstones || saidSections != before) {
      throw damaged(
          "%d posts, %d tombstones and %d sections where the footer says %d, %d and %d"
              .formatted(posts, tombstones, before, saidPosts, saidTombstones, saidSections));
    }
  }

  private void readFully(ByteBuffer into, long from) throws IOException, RefusedSnapshotException {
    long at = from;
    while (into.hasRemaining()) {
      int count = file.read(into, at);
      if (count < 0) {
        throw damaged("it ends at " + at);
      }
      at += count;
    }
  }
}
