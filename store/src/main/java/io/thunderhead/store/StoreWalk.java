package io.thunderhead.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a store holds while readers and writers go on: first the posts, author by author, then
 * the tombstones. Readers notice nothing; a writer waits at most while the lists of a few authors,
 * or one segment of the index, are copied.
 *
 * <p>It is no picture of one moment, and need not be. Whoever notes how far the log is applied
 * <em>before</em> the walk, and after a reload replays from there, ends where a store that never
 * stopped would be, because
 *
 * <ul>
 *   <li>what was held throughout is told, and what came meanwhile is replayed;
 *   <li>an author's posts are those of one moment, so a reload never has more than fit on a list,
 *       of which it would push one out that was still held;
 *   <li>tombstones come last: a post that a delete took off before its author was visited can't
 *       come back from the replay of its create.
 * </ul>
 *
 * <p>The end of a full list is the one place where the two may differ: a replay can bring back what
 * a list had pushed out before later deletes made room, and that may push out something else. Of a
 * list's newest posts all are right but as many as deletes are replayed, and no answer looks
 * further as long as far more posts are kept than are scanned.
 */
final class StoreWalk {
  /** Authors copied in one turn of the writers' lock, and slots after which no further is. */
  private static final int AUTHORS_AT_ONCE = 64;

  private static final int SLOTS_AT_ONCE = 1024;

  private final StoreConfig config;
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final Object writers;
  private final PostFields post = new PostFields();

  // What was copied in the last turn.
  private final long[] authorIds = new long[AUTHORS_AT_ONCE];
  private final int[] authorEnds = new int[AUTHORS_AT_ONCE];
  private int authorCount;
  private int[] slots = new int[2 * SLOTS_AT_ONCE];
  private int count;

  StoreWalk(
      StoreConfig config,
      StoreClock clock,
      PostBlocks blocks,
      PostIndex index,
      AuthorTable authors,
      Object writers) {
    this.config = config;
    this.clock = clock;
    this.blocks = blocks;
    this.index = index;
    this.authors = authors;
    this.writers = writers;
    post.encoded = new byte[PostStore.MAX_ENCODED_BYTES + Varint.SLACK];
  }

  <E extends Exception> void run(StoreVisitor<E> visitor) throws E {
    int bound;
    synchronized (writers) {
      // Whoever gets a number from here on has no post that was applied before.
      bound = authors.numbers();
    }
    for (int number = 0; number < bound; ) {
      synchronized (writers) {
        number = copyAuthors(number, bound);
      }
      tellPosts(visitor);
    }
    long hash = 0;
    do {
      count = 0;
      synchronized (writers) {
        hash = index.eachSlot(hash, this::add);
      }
      tellTombstones(visitor);
    } while (hash != 0);
  }

  /** Copies the lists of some authors; the number to go on with. */
  private int copyAuthors(int first, int bound) {
    authorCount = 0;
    count = 0;
    int number = first;
    while (number < bound && authorCount < AUTHORS_AT_ONCE && count < SLOTS_AT_ONCE) {
      long id = authors.id(number);
      if (id != 0) {
        for (int kind = 0; kind < Timelines.KINDS; kind++) {
          copyList(number, kind);
        }
        authorIds[authorCount] = id;
        authorEnds[authorCount++] = count;
      }
      number++;
    }
    return number;
  }

  private void copyList(int number, int kind) {
    long list = authors.timeline(number, kind);
    if (Timelines.size(list) == 0) {
      return;
    }
    long[] words = authors.timelines().words(list);
    int width = Timelines.width(kind);
    for (int entry = Timelines.from(list); entry < Timelines.to(list); entry++) {
      int slot = Timelines.slot(words, Timelines.at(list, width, entry));
      if (kind != Timelines.VIDEOS || !isListed(number, slot)) {
        add(slot);
      }
    }
  }

  /** Whether a video is also on the other list that it belongs to, which is told before. */
  private boolean isListed(int number, int slot) {
    PostBlock block = blocks.of(slot);
    if (block == null) {
      return true; // Past the retention: not told either way.
    }
    int unit = PostBlocks.unit(slot);
    int kind = Timelines.kind(block.flags(unit));
    return authors
            .timelines()
            .find(
                authors.timeline(number, kind),
                Timelines.width(kind),
                block.created(unit),
                block.postId(unit))
        >= 0;
  }

  private void add(int slot) {
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, count * 2);
    }
    slots[count++] = slot;
  }

  private <E extends Exception> void tellPosts(StoreVisitor<E> visitor) throws E {
    long horizon = clock.horizon();
    int at = 0;
    for (int i = 0; i < authorCount; i++) {
      for (; at < authorEnds[i]; at++) {
        // A cell that has died since is told all the same: it was held at the author's moment.
        PostBlock block = held(slots[at], horizon);
        if (block != null) {
          fill(authorIds[i], block, PostBlocks.unit(slots[at]));
          visitor.post(post);
        }
      }
    }
  }

  private <E extends Exception> void tellTombstones(StoreVisitor<E> visitor) throws E {
    long horizon = clock.horizon();
    for (int i = 0; i < count; i++) {
      int unit = PostBlocks.unit(slots[i]);
      PostBlock block = held(slots[i], horizon);
      if (block != null && block.has(unit, PostBlock.TOMBSTONE)) {
        visitor.tombstone(
            block.postId(unit), Math.max(1, block.created(unit) - config.futureSkewSeconds()));
      }
    }
  }

  /** The block of a cell that is within the horizon, whether it has died or not. */
  private @Nullable PostBlock held(int slot, long horizon) {
    PostBlock block = blocks.of(slot);
    return block != null && block.created(PostBlocks.unit(slot)) >= horizon ? block : null;
  }

  private void fill(long authorId, PostBlock block, int unit) {
    post.clear();
    post.postId = block.postId(unit);
    post.authorId = authorId;
    post.createdAt = block.created(unit);
    post.inReplyToPostId = block.inReplyToPostId(unit);
    post.inReplyToUserId = block.field(unit, PostBlock.IN_REPLY_TO_USER);
    post.conversationId = block.conversationId(unit);
    post.sourcePostId = block.field(unit, PostBlock.SOURCE_POST);
    post.sourceUserId = block.field(unit, PostBlock.SOURCE_USER);
    post.isReply = block.has(unit, PostBlock.REPLY);
    post.isRetweet = block.has(unit, PostBlock.RETWEET);
    post.hasVideo = block.has(unit, PostBlock.VIDEO);
    post.encodedLength = block.copyEncoded(unit, authorId, post.encoded, 0);
  }
}
