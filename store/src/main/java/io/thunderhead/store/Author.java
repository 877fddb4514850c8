package io.thunderhead.store;

/**
 * One author's three timelines. Their fields are replaced under the lock of the author's shard and
 * read without it; see {@link AuthorTimeline} for what a reader sees.
 */
final class Author {
  /** Kinds of timelines, and the words of their entries. */
  static final int ORIGINALS = 0;

  static final int SECONDARY = 1;
  static final int VIDEOS = 2;

  static final int SIZE_BYTES = 40;

  final long id;

  /** What cells and the author table call this author; used again after the author has left. */
  final int number;

  /** Whether the table has let go of this author. Guarded by the shard. */
  boolean left;

  volatile long[] originals = AuthorTimeline.EMPTY;
  volatile long[] secondary = AuthorTimeline.EMPTY;
  volatile long[] videos = AuthorTimeline.EMPTY;

  Author(long id, int number) {
    this.id = id;
    this.number = number;
  }

  static int width(int kind) {
    return kind == ORIGINALS ? 2 : 3;
  }

  /** The timeline that a post of these flags belongs to, apart from that of videos. */
  static int kind(int flags) {
    return (flags & (PostBlock.REPLY | PostBlock.RETWEET)) == 0 ? ORIGINALS : SECONDARY;
  }

  /** Whether a post of these flags belongs to the videos. */
  static boolean isVideo(int flags) {
    return (flags & (PostBlock.VIDEO | PostBlock.REPLY)) == PostBlock.VIDEO;
  }

  long[] timeline(int kind) {
    return switch (kind) {
      case ORIGINALS -> originals;
      case SECONDARY -> secondary;
      default -> videos;
    };
  }

  void setTimeline(int kind, long[] timeline) {
    switch (kind) {
      case ORIGINALS -> originals = timeline;
      case SECONDARY -> secondary = timeline;
      default -> videos = timeline;
    }
  }

  boolean isEmpty() {
    return AuthorTimeline.size(originals) == 0
        && AuthorTimeline.size(secondary) == 0
        && AuthorTimeline.size(videos) == 0;
  }

  /** Creation of the newest post in one timeline, 0 without posts. */
  long newest(int kind) {
    return AuthorTimeline.newest(timeline(kind), width(kind));
  }

  /** Creation of the newest post in any timeline, 0 without posts. */
  long newest() {
    return Math.max(
        AuthorTimeline.newest(originals, width(ORIGINALS)),
        Math.max(
            AuthorTimeline.newest(secondary, width(SECONDARY)),
            AuthorTimeline.newest(videos, width(VIDEOS))));
  }
}
