package io.thunderhead.store;

import java.util.Arrays;

/**
 * Fills an empty store with many posts at once, as at a start from a snapshot. What makes single
 * posts slow is left to the end and then done for all: the index is built part by part, each small
 * enough to stay near the processor, and what replies and retweets refer to is looked up for many
 * at a time.
 *
 * <pre>
 *  try (PostLoad load = store.load()) {
 *    load.apply(batch, now);       posts of an author come best one after the other; any threads
 *    load.index();                 once, after all posts: now their ids are known, and no id is there twice
 *    load.relate(0, 2);            each part once, any threads; what is left out stays slow to read, not wrong
 *  }                               from here on the store takes writes
 * </pre>
 *
 * <p>Meanwhile the store is the loader's: other writers are turned away, readers may read. Closed
 * before {@link #index}, it leaves an empty store.
 */
public final class PostLoad implements AutoCloseable {
  private static final int PARTS_SHIFT = 56;
  private static final int PARTS = 1 << (Long.SIZE - PARTS_SHIFT);

  /** What a post will take in the index, counted before it does. */
  private static final int INDEX_BYTES = 12;

  private static final int AUTHORS_AT_ONCE = 64;
  private static final int ROUND = 64;

  private final PostStore store;
  private final StoreBytes bytes;

  /** Cells of the index to be, by the first bits of their hashes. Under the writers' lock. */
  private final long[][] words = new long[PARTS][16];

  private final int[] counts = new int[PARTS];
  private int posts;
  private boolean indexed;

  PostLoad(PostStore store, StoreBytes bytes) {
    this.store = store;
    this.bytes = bytes;
  }

  /**
   * Takes in the posts of a batch and empties it; its outcomes stay. A post that is there already
   * is not told to be one: the later ones leave again with {@link #index}.
   */
  public void apply(PostBatch batch, long nowSeconds) {
    store.load(this, batch, nowSeconds);
  }

  /** Makes the posts known by their ids. */
  public void index() {
    synchronized (store.writers()) {
      bytes.add(-(long) INDEX_BYTES * posts);
      PostIndex index = store.index();
      index.expect(posts);
      // Some may have been pushed out of a list, or by the budget, meanwhile.
      boolean allHeld = store.blocks().posts() == posts;
      for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < counts[part]; i++) {
          int slot = (int) words[part][i];
          if ((allHeld || store.blocks().isHeld(slot)) && !index.addLoaded(words[part][i])) {
            store.leaveTwice(slot);
          }
        }
        words[part] = new long[0];
        counts[part] = 0;
      }
      posts = 0;
      indexed = true;
    }
  }

  /**
   * Looks up what the replies and retweets of a part of the authors refer to.
   *
   * @param part 0 to parts - 1
   */
  public void relate(int part, int parts) {
    AuthorTable authors = store.authors();
    long bound = authors.numbers();
    int end = (int) (bound * (part + 1) / parts);
    ReaderEpochs.Reader epoch = authors.newReader();
    Round round = new Round();
    for (int first = (int) (bound * part / parts); first < end; first += AUTHORS_AT_ONCE) {
      epoch.begin();
      try {
        for (int number = first; number < Math.min(end, first + AUTHORS_AT_ONCE); number++) {
          round.take(authors.timeline(number, Timelines.SECONDARY));
          round.take(authors.timeline(number, Timelines.VIDEOS));
        }
        round.end();
      } finally {
        epoch.end();
      }
    }
  }

  @Override
  public void close() {
    store.loaded(this, indexed);
  }

  /** Notes a post for the index. Under the writers' lock. */
  void note(long hash, int slot) {
    int part = (int) (hash >>> PARTS_SHIFT);
    if (counts[part] == words[part].length) {
      words[part] = Arrays.copyOf(words[part], counts[part] * 3 / 2);
    }
    words[part][counts[part]++] = PostIndex.word(hash, slot);
    posts++;
    bytes.add(INDEX_BYTES);
  }

  /** Some entries whose relations are not known, looked up together so that their waits overlap. */
  private final class Round {
    private final long[][] lists = new long[ROUND][];
    private final int[] places = new int[ROUND];
    private final long[] others = new long[ROUND];
    private final long[] hashes = new long[ROUND];
    private final long[] located = new long[ROUND];
    private final long horizon = store.horizon();
    private int size;

    @SuppressWarnings("UnusedVariable") // So that the looks are not optimised away.
    private long touched;

    void take(long list) {
      long[] entries = store.authors().timelines().words(list);
      int width = Timelines.width(Timelines.SECONDARY);
      for (int entry = Timelines.from(list); entry < Timelines.to(list); entry++) {
        int at = Timelines.at(list, width, entry);
        if (Relation.fact(Timelines.relation(entries, at)) == Relation.UNKNOWN) {
          lists[size] = entries;
          places[size++] = at;
          touched += store.blocks().touch(Timelines.slot(entries, at));
          if (size == ROUND) {
            end();
          }
        }
      }
    }

    void end() {
      PostIndex index = store.index();
      PostBlocks blocks = store.blocks();
      int known = 0;
      for (int i = 0; i < size; i++) {
        long other = otherPost(Timelines.slot(lists[i], places[i]));
        if (other != 0) {
          lists[known] = lists[i];
          places[known] = places[i];
          others[known] = other;
          hashes[known] = IdHash.of(other);
          located[known] = index.locate(hashes[known]);
          known++;
        }
      }
      for (int i = 0; i < known; i++) {
        touched += index.touch(located[i]);
      }
      for (int i = 0; i < known; i++) {
        touched += blocks.touch(index.find(others[i], hashes[i]));
      }
      for (int i = 0; i < known; i++) {
        relate(lists[i], places[i], index.findLive(others[i], hashes[i], horizon));
      }
      size = 0;
    }

    /** The one post that a post refers to; 0 when there are two, or it has left. */
    private long otherPost(int slot) {
      PostBlock block = store.blocks().of(slot);
      if (block == null) {
        return 0;
      }
      int unit = PostBlocks.unit(slot);
      long parent = block.inReplyToPostId(unit);
      long source = block.field(unit, PostBlock.SOURCE_POST);
      return parent != 0 && source != 0 ? 0 : parent + source;
    }

    private void relate(long[] entries, int at, int other) {
      int slot = Timelines.slot(entries, at);
      PostBlock own = store.blocks().of(slot);
      PostBlock block = store.blocks().of(other);
      if (own == null || block == null) {
        return;
      }
      int fact =
          own.inReplyToPostId(PostBlocks.unit(slot)) != 0
              ? ReplyRule.fact(
                  block, PostBlocks.unit(other), own.conversationId(PostBlocks.unit(slot)))
              : VideoRule.fact(block, PostBlocks.unit(other));
      // In its place, under readers: a word is written whole, and says no less than before.
      Timelines.setRelation(
          entries, at, Relation.known(Timelines.relation(entries, at), fact, other));
    }
  }
}
