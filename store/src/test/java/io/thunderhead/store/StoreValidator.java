package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/**
 * Checks that the parts of a store at rest agree: blocks, index, timelines, table of authors,
 * counters.
 */
final class StoreValidator {
  private final PostStore store;
  private final int maxKept;
  private final Set<Integer> listedSlots = new HashSet<>();
  private final long[] entries = new long[3];
  private long timelineBytes;
  private long authors;

  private StoreValidator(PostStore store, int maxKept) {
    this.store = store;
    this.maxKept = maxKept;
  }

  static void validate(PostStore store, int maxKept) {
    StoreValidator validator = new StoreValidator(store, maxKept);
    validator.checkAuthors();
    validator.checkBlocks();
  }

  /** That nothing is left behind once everything is past the retention and trimmed. */
  static void validateEmpty(PostStore store, StoreConfig config) {
    StoreStats stats = store.stats();
    StoreStats empty = new PostStore(config).stats();
    assertThat(stats)
        .usingRecursiveComparison()
        .ignoringFields("evicted", "expired", "overBudget")
        .isEqualTo(empty);
  }

  private void checkAuthors() {
    for (int number = 0; number < store.authors().numbers(); number++) {
      Author author = store.authors().byNumber(number);
      if (author != null) {
        authors++;
        checkAuthor(author, number);
      }
    }
    StoreStats stats = store.stats();
    assertThat(stats.authors()).isEqualTo(authors);
    assertThat(stats.originals()).isEqualTo(entries[Author.ORIGINALS]);
    assertThat(stats.secondary()).isEqualTo(entries[Author.SECONDARY]);
    assertThat(stats.videos()).isEqualTo(entries[Author.VIDEOS]);
    assertThat(stats.timelineBytes()).isEqualTo(timelineBytes);
    assertThat(store.countedBytes()).isEqualTo(stats.totalBytes());
  }

  private void checkAuthor(Author author, int number) {
    assertThat(author.number).isEqualTo(number);
    assertThat(author.left).isFalse();
    assertThat(author.isEmpty()).isFalse();
    long word = store.authors().find(author.id, IdHash.of(author.id));
    assertThat(AuthorTable.number(word)).isEqualTo(number);
    assertThat(AuthorTable.newest(word)).isGreaterThanOrEqualTo(author.newest());
    for (int kind = 0; kind < 3; kind++) {
      checkTimeline(author, kind);
    }
  }

  private void checkTimeline(Author author, int kind) {
    long[] timeline = author.timeline(kind);
    int width = Author.width(kind);
    long view = AuthorTimeline.view(timeline);
    int size = AuthorTimeline.size(timeline);
    assertThat(size).isLessThanOrEqualTo(maxKept);
    assertThat(1 + AuthorTimeline.to(view) * width).isLessThanOrEqualTo(timeline.length);
    // No timeline holds on to more room than it may grow into.
    assertThat(timeline.length).isLessThanOrEqualTo(1 + (2 * size + size / 2 + 4) * width);
    entries[kind] += size;
    timelineBytes += AuthorTimeline.sizeBytes(timeline);
    for (int entry = AuthorTimeline.from(view); entry < AuthorTimeline.to(view); entry++) {
      long id = AuthorTimeline.postId(timeline, width, entry);
      long created = AuthorTimeline.created(timeline, width, entry);
      assertThat(AuthorTimeline.find(timeline, width, created, id)).isEqualTo(entry);
      int slot = AuthorTimeline.slot(timeline, width, entry);
      PostBlock block = store.blocks().of(slot);
      assertThat(block).as("block of %s", id).isNotNull();
      if (block != null) {
        int unit = PostBlocks.unit(slot);
        assertThat(block.postId(unit)).isEqualTo(id);
        assertThat(block.created(unit)).isEqualTo(created);
        assertThat(block.authorNumber(unit)).isEqualTo(author.number);
        assertThat(block.isDead(unit)).isFalse();
        assertThat(block.has(unit, PostBlock.TOMBSTONE)).isFalse();
        int flags = block.flags(unit);
        assertThat(kind == Author.VIDEOS ? Author.isVideo(flags) : Author.kind(flags) == kind)
            .isTrue();
      }
      listedSlots.add(slot);
    }
  }

  private void checkBlocks() {
    long posts = 0;
    long tombstones = 0;
    long indexed = 0;
    for (PostBlock block : store.blocks().all()) {
      int unit = 0;
      while (unit < block.usedUnits()) {
        if (!block.isDead(unit)) {
          int slot = block.number << 16 | unit;
          indexed += store.index().find(block.postId(unit)) == slot ? 1 : 0;
          if (block.has(unit, PostBlock.TOMBSTONE)) {
            tombstones++;
          } else {
            posts++;
          }
          assertThat(block.created(unit)).isBetween(block.start, block.end - 1);
        }
        unit += block.cellUnits(unit);
      }
      assertThat(unit).isEqualTo(block.usedUnits());
    }
    StoreStats stats = store.stats();
    assertThat(stats.posts()).isEqualTo(posts);
    assertThat(stats.tombstones()).isEqualTo(tombstones);
    assertThat(stats.blocks()).isEqualTo(store.blocks().all().length);
    assertThat(listedSlots.size()).isLessThanOrEqualTo((int) posts);
    long inIndex = 0;
    for (PostIndex.Shard shard : store.index().shards()) {
      inIndex += shard.size();
    }
    assertThat(inIndex).isEqualTo(indexed);
  }
}
