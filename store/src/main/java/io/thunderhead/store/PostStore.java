package io.thunderhead.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The posts of the last hours, kept for reads of many authors' newest at once. Everything is safe
 * from any thread but for a {@link PostReader}, which one thread uses at a time; reads take no
 * lock, and writers take turns.
 *
 * <pre>
 *  create ─▶ PostIndex          AuthorTable
 *              id ▶ slot          author ▶ header ▶ timelines of entries with slots
 *                     └─▶ PostBlocks ◀─────────────────────────────────┘
 *                         encoded posts, by span of creation
 *  read   ─▶ AuthorTable ─▶ timelines ─▶ PostBlocks, without a lock
 *  trim   ─▶ one block past the horizon at a time: its posts leave index and timelines, then it leaves whole
 * </pre>
 *
 * <p>A post is written to its block, then to the index, then to its author's timelines: whoever
 * sees a later one sees the earlier ones. A delete goes from the tombstone to the cell to the
 * timelines: whoever misses a post on its author's list finds no reply to it either. One writer at
 * a time means that none of this takes another lock or compare-and-set; a batch takes the turn
 * once.
 *
 * <p>Time is what callers tell, and the latest that any writer told: it never goes back. A post
 * past the retention at that time is not served, is nobody's parent and does not count towards any
 * limit, whether it has been trimmed or not. The same holds for posts that the memory budget has
 * made leave: a store that is too large moves its horizon on, from the oldest posts towards the
 * newer, and every write over the budget frees more than it takes.
 */
public final class PostStore {
  /** Longest encoded form of a post. */
  public static final int MAX_ENCODED_BYTES = 250;

  private static final long MAX_SECONDS = 0xFFFF_FFFFL;

  /**
   * Steps that a write over the budget does; a post takes one to leave, so it wins over writers.
   */
  private static final int STEPS_OVER_BUDGET = 16;

  /** Steps of trimming that no writer may come between. */
  private static final int STEPS_AT_ONCE = 32;

  private final StoreConfig config;
  private final StoreBytes bytes = new StoreBytes();
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final Trim trim;

  /** Held by whoever changes anything: writers of a store take turns. */
  private final Object writers = new Object();

  private long evicted;

  /** Who fills the store alone at the moment. */
  private @Nullable PostLoad load;

  public PostStore(StoreConfig config) {
    this.config = config;
    clock = new StoreClock(config.retentionSeconds());
    blocks = new PostBlocks(config, bytes);
    index = new PostIndex(blocks, bytes);
    authors = new AuthorTable(config.maxPostsKeptPerAuthor(), bytes);
    trim = new Trim(clock, blocks, index, authors, bytes);
  }

  /** Takes in one post. Any thread. */
  public CreateOutcome create(PostFields post, long nowSeconds) {
    synchronized (writers) {
      requireLoader(null);
      return createAlone(post, IdHash.of(post.postId), IdHash.of(post.authorId), nowSeconds);
    }
  }

  /**
   * Takes in the posts of a batch, one after the other, and empties it; its outcomes stay. Any
   * thread, as {@link #create}.
   */
  public void apply(PostBatch batch, long nowSeconds) {
    batch.touch(index, authors, blocks);
    synchronized (writers) {
      requireLoader(null);
      applyAlone(batch, nowSeconds);
    }
    batch.clear();
  }

  private void applyAlone(PostBatch batch, long nowSeconds) {
    for (int i = 0; i < batch.size(); i++) {
      batch.applied(
          i, createAlone(batch.post(i), batch.postHash(i), batch.authorHash(i), nowSeconds));
    }
  }

  /**
   * Begins to fill the store with many posts at once.
   *
   * @throws IllegalStateException if anything is in it
   */
  public PostLoad load() {
    synchronized (writers) {
      requireLoader(null);
      if (blocks.count() > 0) {
        throw new IllegalStateException("only an empty store can be loaded");
      }
      PostLoad loader = new PostLoad(this, bytes);
      load = loader;
      return loader;
    }
  }

  /**
   * Removes a post and keeps its id from coming back until the delete's time + retention + skew.
   * Any thread.
   *
   * @param authorIdOr0 not needed: the post is found by its own id
   * @param deletedAtOr0 UNIX seconds; absent or in the future, the record's time is taken
   * @param recordTimeSeconds UNIX seconds at which the log took the delete
   */
  public DeleteOutcome delete(
      long postId, long authorIdOr0, long deletedAtOr0, long recordTimeSeconds, long nowSeconds) {
    if (postId <= 0) {
      return DeleteOutcome.INVALID;
    }
    long at = deletedAtOr0;
    if (at <= 0 || at > nowSeconds) {
      at = recordTimeSeconds;
    }
    if (at <= 0 || at > nowSeconds) {
      at = nowSeconds;
    }
    long created = Math.min(MAX_SECONDS, Math.max(0, at + config.futureSkewSeconds()));
    synchronized (writers) {
      requireLoader(null);
      return deleteAlone(postId, created, nowSeconds);
    }
  }

  /** A new reader of this store, for one thread at a time; worth keeping. */
  public PostReader newReader() {
    return new PostReader(config, clock, blocks, index, authors);
  }

  /**
   * Frees the memory of what is past the retention, in small steps. What is served does not depend
   * on it.
   *
   * @param maxSteps most posts and tombstones to remove in this call
   * @return how many steps were done; 0 when nothing is left to do
   */
  public int trim(long nowSeconds, int maxSteps) {
    int left = maxSteps;
    while (left > 0) {
      int wanted = Math.min(left, STEPS_AT_ONCE);
      int done;
      synchronized (writers) {
        done = trim.run(nowSeconds, wanted);
      }
      left -= done;
      if (done < wanted) {
        break;
      }
    }
    return maxSteps - left;
  }

  /**
   * Tells everything that is held, while reads and writes go on: see {@link StoreVisitor}. What is
   * written meanwhile may be told or not; all that was there before and stays is told.
   */
  public <E extends Exception> void walk(StoreVisitor<E> visitor) throws E {
    new StoreWalk(config, clock, blocks, index, authors, writers).run(visitor);
  }

  /** Posts created before this have left for the memory budget; 0 if none has. */
  public long evictedBefore() {
    return clock.evictedBefore();
  }

  /** Gives up all posts created before, as the memory budget does: reads tell that they lack. */
  public void evictBefore(long createdSeconds) {
    clock.evictBefore(createdSeconds);
  }

  /** The size of the store. Cheap enough to ask every second. */
  public StoreStats stats() {
    synchronized (writers) {
      return new StoreStats(
          blocks.posts(),
          authors.authors(),
          authors.entries(Timelines.ORIGINALS),
          authors.entries(Timelines.SECONDARY),
          authors.entries(Timelines.VIDEOS),
          blocks.tombstones(),
          evicted,
          trim.expired(),
          trim.overBudget(),
          blocks.count(),
          blocks.sizeBytes(),
          index.sizeBytes(),
          authors.timelineBytes(),
          authors.sizeBytes());
    }
  }

  /**
   * Forgets every post, tombstone and author, and the time. A read under way meanwhile may answer
   * from before, or partly so.
   */
  public void clear() {
    synchronized (writers) {
      index.clear();
      authors.clear();
      blocks.clear();
      clock.clear();
      trim.clear();
      evicted = 0;
      load = null;
    }
  }

  /** Gives up the oldest posts while the store is too large. */
  private void keepToBudget(long nowSeconds) {
    if (config.maxBytes() != 0 && bytes.sum() > config.maxBytes()) {
      trim.makeRoom(config.maxBytes(), nowSeconds, STEPS_OVER_BUDGET);
    }
  }

  /** {@link PostLoad#apply}. */
  void load(PostLoad loader, PostBatch batch, long nowSeconds) {
    batch.hash();
    synchronized (writers) {
      requireLoader(loader);
      applyAlone(batch, nowSeconds);
    }
    batch.clear();
  }

  /** The end of a load. */
  void loaded(PostLoad loader, boolean whole) {
    synchronized (writers) {
      if (load != loader) {
        return;
      }
      load = null;
      if (!whole) {
        clear();
      }
    }
  }

  /** Takes away a loaded post whose id another one has. Under the writers' lock. */
  void leaveTwice(int slot) {
    PostBlock block = Objects.requireNonNull(blocks.of(slot));
    blocks.kill(block, PostBlocks.unit(slot));
    unlink(block, PostBlocks.unit(slot));
  }

  /** What every part has told to have allocated, for the validator of tests. */
  long countedBytes() {
    return bytes.sum();
  }

  Object writers() {
    return writers;
  }

  long horizon() {
    return clock.horizon();
  }

  Trim trim() {
    return trim;
  }

  PostBlocks blocks() {
    return blocks;
  }

  PostIndex index() {
    return index;
  }

  AuthorTable authors() {
    return authors;
  }

  /** Writes while a load is under way are a mistake: what they need is not there yet. */
  private void requireLoader(@Nullable PostLoad loader) {
    if (load != loader) {
      throw new IllegalStateException(
          loader == null ? "the store is being loaded" : "the load has ended");
    }
  }

  private boolean isValid(PostFields post) {
    return post.postId > 0
        && post.authorId > 0
        && post.createdAt > 0
        && post.encodedLength >= 0
        && post.encodedLength <= MAX_ENCODED_BYTES
        && post.encodedOffset >= 0
        && post.encodedOffset <= post.encoded.length - post.encodedLength;
  }

  /** Takes in a post, under the writers' lock. */
  private CreateOutcome createAlone(
      PostFields post, long postHash, long authorHash, long nowSeconds) {
    if (!isValid(post)) {
      return CreateOutcome.INVALID;
    }
    if (post.createdAt > Math.min(MAX_SECONDS, nowSeconds + config.futureSkewSeconds())) {
      return CreateOutcome.FUTURE;
    }
    keepToBudget(nowSeconds);
    long now = clock.advance(nowSeconds);
    long horizon = clock.horizon(now);
    if (post.createdAt < horizon) {
      return post.createdAt < clock.retentionHorizon(now)
          ? CreateOutcome.EXPIRED
          : CreateOutcome.EVICTED;
    }
    if (load != null) {
      return link(post, postHash, authorHash, horizon, now);
    }
    int old = index.find(post.postId, postHash);
    PostBlock block = old == PostBlocks.NONE ? null : blocks.of(old);
    if (block != null && block.isLive(PostBlocks.unit(old), horizon)) {
      return block.has(PostBlocks.unit(old), PostBlock.TOMBSTONE)
          ? CreateOutcome.DELETED
          : CreateOutcome.DUPLICATE;
    }
    if (block != null && !block.isDead(PostBlocks.unit(old))) {
      // It has expired. Reads that began before may still serve it, and the new one must not come
      // to it.
      trim.leave(block, PostBlocks.unit(old), horizon, clock.retentionHorizon(now));
    } else if (old != PostBlocks.NONE) {
      index.remove(post.postId, old);
    }
    return link(post, postHash, authorHash, horizon, now);
  }

  /** Writes a post that is not held and puts it on its lists. */
  private CreateOutcome link(
      PostFields post, long postHash, long authorHash, long horizon, long now) {
    int flags = PostBlock.flags(post);
    int kind = Timelines.kind(flags);
    boolean video = Timelines.isVideo(flags);
    int author = authors.get(post.authorId, authorHash);
    if (author == AuthorHeaders.NONE) {
      author = authors.hasRoom() ? authors.add(post.authorId, authorHash) : author;
    } else {
      authors.makeRoom(author, kind, horizon);
      if (video) {
        authors.makeRoom(author, Timelines.VIDEOS, horizon);
      }
    }
    if (author == AuthorHeaders.NONE || !authors.hasRoom()) {
      return CreateOutcome.FULL;
    }
    boolean listed = authors.admits(author, kind, post.createdAt, post.postId);
    video = video && authors.admits(author, Timelines.VIDEOS, post.createdAt, post.postId);
    if (!listed && !video) {
      return CreateOutcome.EVICTED;
    }
    if (load != null && isTwice(post, author, kind, video)) {
      return CreateOutcome.DUPLICATE;
    }
    int slot = blocks.append(post, author, now);
    if (slot == PostBlocks.NONE) {
      authors.settle(author);
      return CreateOutcome.FULL;
    }
    if (load == null) {
      index.add(postHash, slot);
    } else {
      load.note(postHash, slot);
    }
    long createdAndSlot = post.createdAt << 32 | (slot & 0xFFFF_FFFFL);
    long relation = kind == Timelines.ORIGINALS && !video ? 0 : relation(post, flags, horizon);
    authors.beginLinks();
    if (video) {
      authors.link(author, Timelines.VIDEOS, post.postId, createdAndSlot, relation);
    }
    if (listed) {
      authors.link(author, kind, post.postId, createdAndSlot, relation);
    }
    authors.raise(author, post.authorId, authorHash, post.createdAt);
    for (int i = 0; i < authors.evictedCount; i++) {
      blocks.kill(authors.evictedSlots[i]);
      index.remove(authors.evictedIds[i], authors.evictedSlots[i]);
      evicted++;
    }
    return CreateOutcome.APPLIED;
  }

  /** Whether a list has the very post that is being loaded. */
  private boolean isTwice(PostFields post, int author, int kind, boolean video) {
    return authors.holds(author, kind, post.createdAt, post.postId)
        || (video && authors.holds(author, Timelines.VIDEOS, post.createdAt, post.postId));
  }

  /** What is known now about the post that this one refers to. */
  private long relation(PostFields post, int flags, long horizon) {
    boolean reply = (flags & PostBlock.REPLY) != 0;
    int kept = (reply ? Relation.REPLY : 0) | (post.isRetweet ? Relation.RETWEET : 0);
    kept |= post.hasVideo ? Relation.HAS_VIDEO : 0;
    long user = post.isRetweet ? post.sourceUserId : post.inReplyToUserId;
    boolean toPost = post.inReplyToPostId != 0;
    boolean ofPost = post.isRetweet && post.sourcePostId != 0;
    if (!toPost && !ofPost) {
      return Relation.of(kept, Relation.NOTHING, PostBlocks.NONE, user);
    }
    long other = toPost ? post.inReplyToPostId : post.sourcePostId;
    boolean unknown = load != null || (toPost && ofPost);
    int slot = unknown ? PostBlocks.NONE : index.findLive(other, horizon);
    PostBlock block = blocks.of(slot);
    if (block == null) {
      return Relation.of(kept, Relation.UNKNOWN, PostBlocks.NONE, user);
    }
    int fact =
        toPost
            ? ReplyRule.fact(block, PostBlocks.unit(slot), post.conversationId)
            : VideoRule.fact(block, PostBlocks.unit(slot));
    return Relation.of(kept, fact, slot, user);
  }

  /** Deletes a post, under the writers' lock. */
  private DeleteOutcome deleteAlone(long postId, long created, long nowSeconds) {
    keepToBudget(nowSeconds);
    long now = clock.advance(nowSeconds);
    long horizon = clock.horizon(now);
    int slot = index.find(postId);
    int unit = PostBlocks.unit(slot);
    PostBlock block = blocks.of(slot);
    if (block == null || !block.isLive(unit, horizon)) {
      return bury(postId, created, horizon, now, DeleteOutcome.RECORDED);
    }
    if (block.has(unit, PostBlock.TOMBSTONE)) {
      if (block.created(unit) >= created) {
        return DeleteOutcome.DUPLICATE;
      }
      DeleteOutcome longer = bury(postId, created, horizon, now, DeleteOutcome.DUPLICATE);
      if (longer == DeleteOutcome.DUPLICATE) {
        blocks.kill(block, unit);
      }
      return longer;
    }
    DeleteOutcome outcome = bury(postId, created, horizon, now, DeleteOutcome.APPLIED);
    // Dead before it leaves its lists: who no longer finds it there finds no reply to it either.
    blocks.kill(block, unit);
    unlink(block, unit);
    if (outcome != DeleteOutcome.APPLIED) {
      index.remove(postId, slot);
    }
    return outcome == DeleteOutcome.EXPIRED ? DeleteOutcome.APPLIED : outcome;
  }

  private DeleteOutcome bury(
      long postId, long created, long horizon, long now, DeleteOutcome outcome) {
    if (created < horizon) {
      return DeleteOutcome.EXPIRED;
    }
    int slot = blocks.appendTombstone(postId, created, now);
    if (slot == PostBlocks.NONE) {
      return DeleteOutcome.FULL;
    }
    index.put(postId, slot);
    return outcome;
  }

  private void unlink(PostBlock block, int unit) {
    int author = block.authorNumber(unit);
    int flags = block.flags(unit);
    long created = block.created(unit);
    authors.unlink(author, Timelines.kind(flags), created, block.postId(unit));
    if (Timelines.isVideo(flags)) {
      authors.unlink(author, Timelines.VIDEOS, created, block.postId(unit));
    }
    authors.settle(author);
  }
}
