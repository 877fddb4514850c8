package io.thunderhead.store;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The posts of the last hours, kept for reads of many authors' newest at once. Everything is safe
 * from any thread but for a {@link PostReader}, which one thread uses at a time; reads take no
 * lock.
 *
 * <pre>
 *  create ─▶ PostIndex shard of the post (lock) ─▶ AuthorTable shard of the author (lock)
 *              id ▶ slot                              author ▶ timelines of entries with slots
 *                     └──────────▶ PostBlocks ◀──────────┘
 *                                  encoded posts, by span of creation
 *  read   ─▶ AuthorTable ─▶ timelines ─▶ PostBlocks, without a lock
 *  trim   ─▶ one block past the horizon at a time: its posts leave index and timelines, then it leaves whole
 * </pre>
 *
 * <p>Locks are taken post before author, at most one of each. A post is written to its block, then
 * to the index, then to its author's timelines: whoever sees a later one sees the earlier ones. A
 * delete goes the other way, beginning with the tombstone.
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

  private final StoreConfig config;
  private final StoreBytes bytes = new StoreBytes();
  private final StoreClock clock;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final AuthorTable authors;
  private final Trim trim;
  private final LongAdder evicted = new LongAdder();

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
    if (!isValid(post)) {
      return CreateOutcome.INVALID;
    }
    if (post.createdAt > Math.min(MAX_SECONDS, nowSeconds + config.futureSkewSeconds())) {
      return CreateOutcome.FUTURE;
    }
    keepToBudget(nowSeconds);
    PostIndex.Shard shard = index.shard(IdHash.of(post.postId));
    long evictedId0 = 0;
    long evictedId1 = 0;
    int evictedSlot0 = PostBlocks.NONE;
    int evictedSlot1 = PostBlocks.NONE;
    synchronized (shard) {
      // Inside the lock, so that Trim, passing through it, knows that nobody works with an older
      // horizon any more.
      long now = clock.advance(nowSeconds);
      long horizon = clock.horizon(now);
      if (post.createdAt < horizon) {
        return post.createdAt < clock.retentionHorizon(now)
            ? CreateOutcome.EXPIRED
            : CreateOutcome.EVICTED;
      }
      CreateOutcome known = known(post.postId, horizon);
      if (known != null) {
        return known;
      }
      AuthorTable.Shard authorShard = authors.shard(post.authorId);
      synchronized (authorShard) {
        CreateOutcome outcome = link(post, shard, authorShard, horizon, now);
        if (outcome != CreateOutcome.APPLIED || authorShard.evictedCount == 0) {
          return outcome;
        }
        evictedId0 = authorShard.evictedIds[0];
        evictedSlot0 = authorShard.evictedSlots[0];
        if (authorShard.evictedCount == 2) {
          evictedId1 = authorShard.evictedIds[1];
          evictedSlot1 = authorShard.evictedSlots[1];
        }
      }
    }
    forget(evictedId0, evictedSlot0);
    forget(evictedId1, evictedSlot1);
    return CreateOutcome.APPLIED;
  }

  /**
   * Takes in the posts of a batch, one after the other, and empties it; its outcomes stay. Any
   * thread, as {@link #create}.
   */
  public void apply(PostBatch batch, long nowSeconds) {
    batch.touch(index, authors, blocks);
    for (int i = 0; i < batch.size(); i++) {
      batch.applied(i, create(batch.post(i), nowSeconds));
    }
    batch.clear();
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
    keepToBudget(nowSeconds);
    PostIndex.Shard shard = index.shard(IdHash.of(postId));
    synchronized (shard) {
      long now = clock.advance(nowSeconds);
      long horizon = clock.horizon(now);
      int slot = index.find(postId);
      PostBlock block = blocks.of(slot);
      if (block == null || !block.isLive(PostBlocks.unit(slot), horizon)) {
        return bury(shard, postId, created, horizon, now, DeleteOutcome.RECORDED);
      }
      int unit = PostBlocks.unit(slot);
      if (block.has(unit, PostBlock.TOMBSTONE)) {
        if (block.created(unit) < created) {
          DeleteOutcome longer =
              bury(shard, postId, created, horizon, now, DeleteOutcome.DUPLICATE);
          if (longer == DeleteOutcome.DUPLICATE) {
            blocks.kill(block, unit);
          }
          return longer;
        }
        return DeleteOutcome.DUPLICATE;
      }
      DeleteOutcome outcome = bury(shard, postId, created, horizon, now, DeleteOutcome.APPLIED);
      unlink(block, unit);
      blocks.kill(block, unit);
      if (outcome != DeleteOutcome.APPLIED) {
        shard.remove(postId, slot);
      }
      return outcome == DeleteOutcome.EXPIRED ? DeleteOutcome.APPLIED : outcome;
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
    return trim.run(nowSeconds, maxSteps);
  }

  /** The size of the store. Cheap enough to ask every second. */
  public StoreStats stats() {
    long authorCount = 0;
    long timelineBytes = 0;
    long[] entries = new long[3];
    for (AuthorTable.Shard shard : authors.shards()) {
      synchronized (shard) {
        authorCount += shard.authors();
        timelineBytes += shard.timelineBytes();
        for (int kind = 0; kind < entries.length; kind++) {
          entries[kind] += shard.entries(kind);
        }
      }
    }
    return new StoreStats(
        blocks.posts(),
        authorCount,
        entries[Author.ORIGINALS],
        entries[Author.SECONDARY],
        entries[Author.VIDEOS],
        blocks.tombstones(),
        evicted.sum(),
        trim.expired(),
        trim.overBudget(),
        blocks.count(),
        blocks.sizeBytes(),
        index.sizeBytes(),
        timelineBytes,
        authors.sizeBytes());
  }

  /**
   * Forgets every post, tombstone and author, and the time. A read under way meanwhile may answer
   * from before, or partly so.
   */
  public void clear() {
    trim.alone(() -> clearUnderPostLocks(0));
  }

  /** Gives up the oldest posts while the store is too large. Without a lock held. */
  private void keepToBudget(long nowSeconds) {
    if (config.maxBytes() != 0 && bytes.sum() > config.maxBytes()) {
      trim.makeRoom(config.maxBytes(), nowSeconds, STEPS_OVER_BUDGET);
    }
  }

  /** What every part has told to have allocated, for the validator of tests. */
  long countedBytes() {
    return bytes.sum();
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

  private boolean isValid(PostFields post) {
    return post.postId > 0
        && post.authorId > 0
        && post.createdAt > 0
        && post.encodedLength >= 0
        && post.encodedLength <= MAX_ENCODED_BYTES
        && post.encodedOffset >= 0
        && post.encodedOffset <= post.encoded.length - post.encodedLength;
  }

  /** Why an id is not to be created now; null when it is not known. Under the post's lock. */
  private @Nullable CreateOutcome known(long postId, long horizon) {
    int slot = index.find(postId);
    PostBlock block = blocks.of(slot);
    if (block == null || !block.isLive(PostBlocks.unit(slot), horizon)) {
      return null;
    }
    return block.has(PostBlocks.unit(slot), PostBlock.TOMBSTONE)
        ? CreateOutcome.DELETED
        : CreateOutcome.DUPLICATE;
  }

  /** Writes a post and puts it on its lists. Under the locks of post and author. */
  private CreateOutcome link(
      PostFields post,
      PostIndex.Shard shard,
      AuthorTable.Shard authorShard,
      long horizon,
      long now) {
    authorShard.evictedCount = 0;
    Author author = authorShard.get(post.authorId);
    int flags = PostBlock.flags(post);
    int kind = Author.kind(flags);
    boolean video = Author.isVideo(flags);
    if (author == null) {
      author = authorShard.add(post.authorId);
    } else {
      authorShard.dropExpired(author, kind, horizon);
      if (video) {
        authorShard.dropExpired(author, Author.VIDEOS, horizon);
      }
    }
    boolean listed = authorShard.admits(author, kind, post.createdAt, post.postId);
    video = video && authorShard.admits(author, Author.VIDEOS, post.createdAt, post.postId);
    if (!listed && !video) {
      return CreateOutcome.EVICTED;
    }
    int slot = blocks.append(post, author.number, now);
    if (slot == PostBlocks.NONE) {
      authorShard.settle(author);
      return CreateOutcome.FULL;
    }
    shard.put(post.postId, slot);
    long createdAndSlot = post.createdAt << 32 | (slot & 0xFFFF_FFFFL);
    long relation = kind == Author.ORIGINALS && !video ? 0 : relation(post, flags, horizon);
    if (video) {
      authorShard.link(author, Author.VIDEOS, post.postId, createdAndSlot, relation);
    }
    if (listed) {
      authorShard.link(author, kind, post.postId, createdAndSlot, relation);
    }
    for (int i = 0; i < authorShard.evictedCount; i++) {
      blocks.kill(authorShard.evictedSlots[i]);
      evicted.increment();
    }
    authorShard.raise(author, post.createdAt);
    return CreateOutcome.APPLIED;
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
    int slot = toPost && ofPost ? PostBlocks.NONE : index.findLive(other, horizon);
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

  private DeleteOutcome bury(
      PostIndex.Shard shard,
      long postId,
      long created,
      long horizon,
      long now,
      DeleteOutcome outcome) {
    if (created < horizon) {
      return DeleteOutcome.EXPIRED;
    }
    int slot = blocks.appendTombstone(postId, created, now);
    if (slot == PostBlocks.NONE) {
      return DeleteOutcome.FULL;
    }
    shard.put(postId, slot);
    return outcome;
  }

  private void unlink(PostBlock block, int unit) {
    Author author = authors.byNumber(block.authorNumber(unit));
    if (author == null) {
      return;
    }
    AuthorTable.Shard shard = authors.shard(author.id);
    synchronized (shard) {
      int flags = block.flags(unit);
      long created = block.created(unit);
      shard.unlink(author, Author.kind(flags), created, block.postId(unit));
      if (Author.isVideo(flags)) {
        shard.unlink(author, Author.VIDEOS, created, block.postId(unit));
      }
      shard.settle(author);
    }
  }

  /** Clears the index of a post that a full list has pushed out. Without a lock held. */
  private void forget(long postId, int slot) {
    if (slot != PostBlocks.NONE) {
      PostIndex.Shard shard = index.shard(IdHash.of(postId));
      synchronized (shard) {
        shard.remove(postId, slot);
      }
    }
  }

  /** Takes every lock there is, in their order, so that no writer is under way. */
  private void clearUnderPostLocks(int at) {
    if (at == IdHash.SHARDS) {
      clearUnderAuthorLocks(0);
      return;
    }
    synchronized (index.shards()[at]) {
      clearUnderPostLocks(at + 1);
    }
  }

  private void clearUnderAuthorLocks(int at) {
    if (at < IdHash.SHARDS) {
      synchronized (authors.shards()[at]) {
        clearUnderAuthorLocks(at + 1);
      }
      return;
    }
    for (int i = 0; i < IdHash.SHARDS; i++) {
      index.shards()[i].clear();
      authors.shards()[i].clear();
    }
    authors.clear();
    blocks.clear();
    clock.clear();
    evicted.reset();
  }
}
