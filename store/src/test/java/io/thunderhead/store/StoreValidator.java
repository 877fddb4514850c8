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
  private long lists;
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
      long id = store.authors().id(number);
      if (id != 0) {
        authors++;
        checkAuthor(id, number);
      }
    }
    store.authors().giveBack();
    StoreStats stats = store.stats();
    assertThat(stats.authors()).isEqualTo(authors);
    assertThat(stats.originals()).isEqualTo(entries[Timelines.ORIGINALS]);
    assertThat(stats.secondary()).isEqualTo(entries[Timelines.SECONDARY]);
    assertThat(stats.videos()).isEqualTo(entries[Timelines.VIDEOS]);
    assertThat(store.authors().lists()).isEqualTo((int) lists);
    assertThat(store.countedBytes()).isEqualTo(stats.totalBytes());
  }

  private void checkAuthor(long id, int number) {
    assertThat(store.authors().isEmpty(number)).isFalse();
    long word = store.authors().find(id, IdHash.of(id));
    assertThat(AuthorTable.number(word)).isEqualTo(number);
    assertThat(AuthorTable.newest(word)).isGreaterThanOrEqualTo(store.authors().newest(number));
    for (int kind = 0; kind < Timelines.KINDS; kind++) {
      checkTimeline(number, kind);
    }
  }

  private void checkTimeline(int number, int kind) {
    long list = store.authors().timeline(number, kind);
    int size = Timelines.size(list);
    assertThat(size).isLessThanOrEqualTo(maxKept);
    if (size == 0) {
      assertThat(list).isEqualTo(Timelines.EMPTY);
      return;
    }
    lists++;
    entries[kind] += size;
    int width = Timelines.width(kind);
    Timelines timelines = store.authors().timelines();
    long[] words = timelines.words(list);
    for (int entry = Timelines.from(list); entry < Timelines.to(list); entry++) {
      int at = Timelines.at(list, width, entry);
      long id = Timelines.postId(words, at);
      long created = Timelines.created(words, at);
      assertThat(timelines.find(list, width, created, id)).isEqualTo(entry);
      int slot = Timelines.slot(words, at);
      PostBlock block = store.blocks().of(slot);
      assertThat(block).as("block of %s", id).isNotNull();
      if (block != null) {
        int unit = PostBlocks.unit(slot);
        assertThat(block.postId(unit)).isEqualTo(id);
        assertThat(block.created(unit)).isEqualTo(created);
        assertThat(block.authorNumber(unit)).isEqualTo(number);
        assertThat(block.isDead(unit)).isFalse();
        assertThat(block.has(unit, PostBlock.TOMBSTONE)).isFalse();
        int flags = block.flags(unit);
        assertThat(
                kind == Timelines.VIDEOS ? Timelines.isVideo(flags) : Timelines.kind(flags) == kind)
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
    assertThat((long) store.index().size()).isEqualTo(indexed);
  }
}
