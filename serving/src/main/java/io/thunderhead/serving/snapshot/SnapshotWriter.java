package io.thunderhead.serving.snapshot;

import io.thunderhead.log.read.AppliedOffset;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.StoreVisitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * Writes a store's walk as {@link SnapshotFormat} says. It holds three sections at most, whatever
 * the store holds; one thread.
 */
final class SnapshotWriter implements StoreVisitor<IOException> {
  private final WritableByteChannel out;
  private final BooleanSupplier abandoned;
  private final Pace pace;
  private final SectionBuffer tombstones = new SectionBuffer(SnapshotFormat.TOMBSTONES);
  private final PostSection originals = new PostSection(SnapshotFormat.ORIGINALS);
  private final PostSection others = new PostSection(SnapshotFormat.OTHERS);
  private long postCount;
  private long tombstoneCount;
  private int sections;
  private long bytes;

  /** The walk was broken off because whoever wanted it wants it no more. */
  static final class AbandonedException extends IOException {
    private static final long serialVersionUID = 1L;

    AbandonedException() {
      super("the snapshot was abandoned");
    }
  }

  /**
   * Begins with the header.
   *
   * @param abandoned asked after each section; once true, writing ends in an {@link
   *     AbandonedException}
   * @param pace how fast
   */
  SnapshotWriter(
      WritableByteChannel out, SnapshotHeader header, BooleanSupplier abandoned, Pace pace)
      throws IOException {
    this.out = out;
    this.abandoned = abandoned;
    this.pace = pace;
    ByteBuffer prefix =
        ByteBuffer.allocate(SnapshotFormat.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    prefix.putLong(SnapshotFormat.MAGIC).putInt(SnapshotFormat.VERSION).putInt(0).flip();
    while (prefix.hasRemaining()) {
      bytes += out.write(prefix);
    }
    write(section(header));
  }

  @Override
  public void post(PostFields post) throws IOException {
    boolean original = !post.isRetweet && !post.isReply;
    (original ? originals : others).add(post);
    postCount++;
    pace.step();
  }

  @Override
  public void tombstone(long postId, long deletedAt) throws IOException {
    tombstones.putLong(postId).putLong(deletedAt);
    tombstones.countItem();
    tombstoneCount++;
    if (tombstones.isFull()) {
      write(tombstones);
    }
    pace.step();
  }

  /** Ends the file; nothing may be added any more. */
  SnapshotSize finish(long evictedBefore) throws IOException {
    originals.end();
    others.end();
    if (tombstones.items() > 0) {
      write(tombstones);
    }
    SectionBuffer footer = new SectionBuffer(SnapshotFormat.FOOTER);
    footer.putLong(postCount).putLong(tombstoneCount).putLong(evictedBefore).putInt(sections);
    write(footer);
    return new SnapshotSize(postCount, tombstoneCount, bytes);
  }

  private void write(SectionBuffer section) throws IOException {
    if (abandoned.getAsBoolean()) {
      throw new AbandonedException();
    }
    bytes += section.writeTo(out);
    sections++;
  }

  private static SectionBuffer section(SnapshotHeader header) {
    SectionBuffer section = new SectionBuffer(SnapshotFormat.HEADER);
    byte[] topic = header.topic().getBytes(StandardCharsets.UTF_8);
    section
        .putLong(header.takenAtMs())
        .putLong(header.retentionSeconds())
        .putLong(header.futureSkewSeconds())
        .putInt(header.maxPostsKeptPerAuthor())
        .putLong(header.offsets().topicId().getMostSignificantBits())
        .putLong(header.offsets().topicId().getLeastSignificantBits())
        .putInt(topic.length)
        .putBytes(topic, 0, topic.length)
        .putInt(header.offsets().partitions().size());
    for (AppliedOffset offset : header.offsets().partitions()) {
      section
          .putInt(offset.partition())
          .putLong(offset.offset())
          .putInt(offset.leaderEpoch())
          .putLong(offset.gapUntilMs());
    }
    return section;
  }

  /** Posts by author; the author stands once before all that come one after the other. */
  private final class PostSection {
    private final SectionBuffer section;
    private long author;
    private int countAt;
    private int count;

    PostSection(int type) {
      section = new SectionBuffer(type);
    }

    void add(PostFields post) throws IOException {
      if (count == 0 || author != post.authorId) {
        endAuthor();
        author = post.authorId;
        section.putLong(author);
        countAt = section.at();
        section.putInt(0);
      }
      put(post);
      count++;
      section.countItem();
      if (section.isFull()) {
        endAuthor();
        write(section);
      }
    }

    void end() throws IOException {
      endAuthor();
      if (section.items() > 0) {
        write(section);
      }
    }

    private void endAuthor() {
      if (count > 0) {
        section.setInt(countAt, count);
        count = 0;
      }
    }

    private void put(PostFields post) {
      int bits =
          (post.isRetweet ? SnapshotFormat.RETWEET : 0)
              | (post.isReply ? SnapshotFormat.REPLY : 0)
              | (post.hasVideo ? SnapshotFormat.VIDEO : 0)
              | (post.inReplyToPostId != 0 ? SnapshotFormat.IN_REPLY_TO_POST : 0)
              | (post.inReplyToUserId != 0 ? SnapshotFormat.IN_REPLY_TO_USER : 0)
              | (post.conversationId != 0 ? SnapshotFormat.CONVERSATION : 0)
              | (post.sourcePostId != 0 ? SnapshotFormat.SOURCE_POST : 0)
              | (post.sourceUserId != 0 ? SnapshotFormat.SOURCE_USER : 0);
      section.putLong(post.postId).putInt((int) post.createdAt);
      section.putByte(bits).putByte(post.encodedLength);
      putPresent(post.inReplyToPostId);
      putPresent(post.inReplyToUserId);
      putPresent(post.conversationId);
      putPresent(post.sourcePostId);
      putPresent(post.sourceUserId);
      section.putBytes(post.encoded, post.encodedOffset, post.encodedLength);
    }

    private void putPresent(long id) {
      if (id != 0) {
        section.putLong(id);
      }
    }
  }
}
