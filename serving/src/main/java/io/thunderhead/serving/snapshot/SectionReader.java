package io.thunderhead.serving.snapshot;

import static io.thunderhead.serving.snapshot.RefusedSnapshotException.damaged;

import io.thunderhead.store.PostFields;
import java.util.Arrays;

/** Goes through the bytes of one section; what does not fit into them is damage. */
final class SectionReader {
  private final byte[] bytes;
  private final int end;
  private int at = SnapshotFormat.HEAD_BYTES;
  private int left;
  private long author;
  private int authorLeft;

  /**
   * @param bytes the section from its head on; posts point into it
   */
  SectionReader(byte[] bytes, SnapshotFile.Section section) {
    this.bytes = bytes;
    this.end = SnapshotFormat.HEAD_BYTES + section.length();
    this.left = section.items();
  }

  /** Whether there is one more post or tombstone. */
  boolean hasNext() throws RefusedSnapshotException {
    if (left > 0) {
      left--;
      return true;
    }
    if (authorLeft != 0) {
      throw damaged("an author has more posts than the section");
    }
    end();
    return false;
  }

  /** Fills in the next post, whose encoded form stays in this section's bytes. */
  void nextPost(PostFields post) throws RefusedSnapshotException {
    if (authorLeft == 0) {
      author = nextLong();
      authorLeft = nextInt();
      if (authorLeft < 1) {
        throw damaged("an author with " + authorLeft + " posts");
      }
    }
    authorLeft--;
    require(SnapshotFormat.POST_BYTES);
    int bits = bytes[at + 12];
    post.authorId = author;
    post.postId = nextLong();
    post.createdAt = nextInt() & 0xFFFF_FFFFL;
    post.isRetweet = (bits & SnapshotFormat.RETWEET) != 0;
    post.isReply = (bits & SnapshotFormat.REPLY) != 0;
    post.hasVideo = (bits & SnapshotFormat.VIDEO) != 0;
    int length = bytes[at + 1] & 0xFF;
    at += 2;
    post.inReplyToPostId = nextIf(bits & SnapshotFormat.IN_REPLY_TO_POST);
    post.inReplyToUserId = nextIf(bits & SnapshotFormat.IN_REPLY_TO_USER);
    post.conversationId = nextIf(bits & SnapshotFormat.CONVERSATION);
    post.sourcePostId = nextIf(bits & SnapshotFormat.SOURCE_POST);
    post.sourceUserId = nextIf(bits & SnapshotFormat.SOURCE_USER);
    require(length);
    post.encoded = bytes;
    post.encodedOffset = at;
    post.encodedLength = length;
    at += length;
  }

  long nextLong() throws RefusedSnapshotException {
    require(8);
    at += 8;
    return SnapshotFormat.getLong(bytes, at - 8);
  }

  int nextInt() throws RefusedSnapshotException {
    require(4);
    at += 4;
    return SnapshotFormat.getInt(bytes, at - 4);
  }

  byte[] nextBytes(int length) throws RefusedSnapshotException {
    require(length);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  /** Nothing may be left. */
  void end() throws RefusedSnapshotException {
    if (at != end) {
      throw damaged((end - at) + " bytes too many in a section");
    }
  }

  private long nextIf(int present) throws RefusedSnapshotException {
    return present == 0 ? 0 : nextLong();
  }

  private boolean has(int count) {
    return count >= 0 && count <= end - at;
  }

  private void require(int count) throws RefusedSnapshotException {
    if (!has(count)) {
      throw damaged("a section ends too early");
    }
  }
}
