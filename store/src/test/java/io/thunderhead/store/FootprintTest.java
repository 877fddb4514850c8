package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The arithmetic of ARCHITECTURE.md, "Bytes of a post", against a store that runs. */
final class FootprintTest {
  private static final long NOW = 1_000_000;
  private static final int POSTS = 300_000;
  private static final int AUTHORS = 20_000;

  /** Ids as long as they are in production. */
  private static final long FIRST_ID = 1L << 60;

  /** Keeps so many that no list pushes a post out. */
  private static final StoreConfig CONFIG = new StoreConfig(172_800, 300, 50, 30, 100, 500, 50_000);

  private final PostStore store = new PostStore(CONFIG);
  private long cellBytes;

  @Test
  void everyPart_costsWhatTheArithmeticSays() {
    fill();
    StoreStats stats = store.stats();
    assertThat(stats.posts()).isEqualTo(POSTS);

    // Cells, and a bit for each 16 bytes; at most an eighth of a span's bytes is room, and the
    // first blocks of each span are small.
    long firstBlocks = 65L * 4096;
    assertThat(stats.blockBytes())
        .isBetween(cellBytes, cellBytes + cellBytes / 8 + cellBytes / 128 + firstBlocks);

    // Eight bytes in tables that are filled from two thirds up to four fifths, or less while small.
    assertThat(stats.indexBytes()).isBetween(POSTS * 10L, POSTS * 8L * 2);

    // Two or three words an entry; a quarter more at most while a list may grow, and the segments
    // that are not full.
    long entries = 16 * stats.originals() + 24 * (stats.secondary() + stats.videos());
    assertThat(stats.timelineBytes()).isBetween(entries, entries + entries / 4 + (256 << 10));

    // Two words in a table, and four of the header.
    assertThat(stats.authorBytes())
        .isBetween(stats.authors() * (20L + 32), stats.authors() * (32L + 34) + (64 << 10));
  }

  private void fill() {
    Random random = new Random(5);
    for (long i = 1; i <= POSTS; i++) {
      long id = FIRST_ID + i;
      double share = random.nextDouble();
      long author = FIRST_ID + (long) (AUTHORS * share * share * share);
      long created = NOW - POSTS / 2 + i / 2;
      Post post =
          switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                Post.reply(id, author, created, FIRST_ID + i / 2, FIRST_ID, FIRST_ID + i / 2);
            case 3, 4 -> Post.retweet(id, author, created, FIRST_ID + i / 2, FIRST_ID);
            case 5 -> Post.video(id, author, created);
            default -> Post.original(id, author, created);
          };
      PostFields fields = post.fields();
      EncodedPost.encode(fields);
      assertThat(store.create(fields, created)).isEqualTo(CreateOutcome.APPLIED);
      // The id and the facts; a byte for each id that has a place: its own, its author's, and those
      // that a rule may ask for, or its own again as its conversation; and the encoded form without
      // those of its own; in units of four.
      int own = Varint.width(fields.postId);
      int byAuthor = Varint.width(fields.authorId);
      boolean reply = post.parent() != 0;
      int cut = own + byAuthor + (reply ? 0 : own);
      int places = reply ? 4 : post.retweet() ? 5 : 3;
      cellBytes += (16 + places + fields.encodedLength - cut + 3) / 4 * 4L;
    }
  }
}
