package io.thunderhead.store;

import org.jspecify.annotations.Nullable;

/**
 * Walks one author's timelines from the newest on and picks what may be served. All rules of a read
 * that concern a single post are here: excluded, the scan limit, the requester's own retweets,
 * deleted sources, replies, videos, the limits per author.
 *
 * <p>No lock is held: a timeline is one consistent view of its author's posts of that kind; what
 * other posts say (parents, sources) is asked at that moment.
 */
final class TimelineWalk {
  private final StoreConfig config;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final IdSet follows;
  private final IdSet excludes;

  private Candidates candidates;
  private long horizon;
  private long floor;
  private long requesterId;
  private int requesterFilter;
  private int maxOriginals;
  private int maxReplies;
  private int maxVideos;

  TimelineWalk(
      StoreConfig config,
      PostBlocks blocks,
      PostIndex index,
      IdSet follows,
      IdSet excludes,
      Candidates candidates) {
    this.config = config;
    this.blocks = blocks;
    this.index = index;
    this.follows = follows;
    this.excludes = excludes;
    this.candidates = candidates;
  }

  void begin(ReadQuery query, long horizonSeconds) {
    horizon = horizonSeconds;
    requesterId = query.requesterId;
    requesterFilter = IdHash.filter(IdHash.of(requesterId));
    maxOriginals = Math.min(config.maxOriginalPostsPerAuthor(), query.maxOriginals);
    maxReplies = Math.min(config.maxReplyPostsPerAuthor(), query.maxReplies);
    maxVideos = Math.min(config.maxVideoPostsPerAuthor(), query.maxOriginals);
  }

  /** Whether the limits per author let anything through at all. */
  boolean mayFind(boolean video) {
    return video ? maxVideos > 0 : maxOriginals > 0 || maxReplies > 0;
  }

  /** From now on, posts created before the floor are left out, and the others go there. */
  void collect(Candidates into, long floorSeconds) {
    candidates = into;
    floor = floorSeconds;
  }

  void walkPosts(Author author, int place) {
    if (maxOriginals > 0) {
      walkOriginals(author.originals, place);
    }
    if (maxReplies > 0) {
      walkSecondary(author.secondary, place);
    }
  }

  private void walkOriginals(long[] timeline, int place) {
    long view = AuthorTimeline.view(timeline);
    int from = AuthorTimeline.from(view);
    int left = maxOriginals;
    int scans = config.maxPostsScannedPerAuthor();
    for (int entry = AuthorTimeline.to(view) - 1; entry >= from && left > 0; entry--) {
      long created = AuthorTimeline.created(timeline, 2, entry);
      long postId = AuthorTimeline.postId(timeline, 2, entry);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      candidates.add(postId, created, AuthorTimeline.slot(timeline, 2, entry), place, false);
      left--;
    }
  }

  private void walkSecondary(long[] timeline, int place) {
    long view = AuthorTimeline.view(timeline);
    int from = AuthorTimeline.from(view);
    int left = maxReplies;
    int scans = config.maxPostsScannedPerAuthor();
    for (int entry = AuthorTimeline.to(view) - 1; entry >= from && left > 0; entry--) {
      long created = AuthorTimeline.created(timeline, 3, entry);
      long postId = AuthorTimeline.postId(timeline, 3, entry);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      long relation = AuthorTimeline.relation(timeline, entry);
      int slot = AuthorTimeline.slot(timeline, 3, entry);
      if (isRetweetServed(relation, slot, postId) && isReplyServed(relation, slot, postId)) {
        candidates.add(postId, created, slot, place, Relation.isReply(relation));
        left--;
      }
    }
  }

  /**
   * Walks the videos and, between them by age, those retweets that are not marked as videos
   * themselves but whose source is one. The latter are on no list of their own, as their source may
   * come later than they do.
   */
  void walkVideos(Author author, int place) {
    long[] videos = author.videos;
    long[] secondary = author.secondary;
    long videoView = AuthorTimeline.view(videos);
    long secondaryView = AuthorTimeline.view(secondary);
    int video = AuthorTimeline.to(videoView) - 1;
    int retweet = AuthorTimeline.to(secondaryView);
    int left = maxVideos;
    int scans = config.maxPostsScannedPerAuthor();
    retweet = nextRetweetOfVideo(secondary, secondaryView, retweet);
    while (left > 0) {
      boolean hasVideo = video >= AuthorTimeline.from(videoView);
      boolean hasRetweet = retweet >= AuthorTimeline.from(secondaryView);
      if (!hasVideo && !hasRetweet) {
        return;
      }
      boolean takeVideo = hasVideo && (!hasRetweet || isNewer(videos, video, secondary, retweet));
      long[] timeline = takeVideo ? videos : secondary;
      int entry = takeVideo ? video : retweet;
      if (takeVideo) {
        video--;
      } else {
        retweet = nextRetweetOfVideo(secondary, secondaryView, retweet);
      }
      long created = AuthorTimeline.created(timeline, 3, entry);
      long postId = AuthorTimeline.postId(timeline, 3, entry);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      int slot = AuthorTimeline.slot(timeline, 3, entry);
      if (isRetweetServed(AuthorTimeline.relation(timeline, entry), slot, postId)) {
        candidates.add(postId, created, slot, place, false);
        left--;
      }
    }
  }

  /**
   * The next older retweet of a live video before an entry, or one before the first when there is
   * none young enough.
   */
  private int nextRetweetOfVideo(long[] timeline, long view, int before) {
    int from = AuthorTimeline.from(view);
    for (int entry = before - 1; entry >= from; entry--) {
      if (AuthorTimeline.created(timeline, 3, entry) < floor) {
        return from - 1;
      }
      if (isRetweetOfVideo(timeline, entry)) {
        return entry;
      }
    }
    return from - 1;
  }

  private boolean isRetweetOfVideo(long[] timeline, int entry) {
    long relation = AuthorTimeline.relation(timeline, entry);
    if (!Relation.isRetweet(relation)
        || Relation.isReply(relation)
        || Relation.hasVideo(relation)
        || Relation.fact(relation) == Relation.NOTHING) {
      return false;
    }
    if (isHintLive(relation)) {
      return Relation.fact(relation) == Relation.SOURCE_IS_VIDEO;
    }
    int slot = AuthorTimeline.slot(timeline, 3, entry);
    long sourceId = field(slot, AuthorTimeline.postId(timeline, 3, entry), PostBlock.SOURCE_POST);
    int source = index.findLive(sourceId, horizon);
    PostBlock block = blocks.of(source);
    return block != null
        && VideoRule.fact(block, PostBlocks.unit(source)) == Relation.SOURCE_IS_VIDEO;
  }

  private static boolean isNewer(long[] a, int entryA, long[] b, int entryB) {
    long createdA = AuthorTimeline.created(a, 3, entryA);
    long createdB = AuthorTimeline.created(b, 3, entryB);
    return createdA > createdB
        || (createdA == createdB
            && AuthorTimeline.postId(a, 3, entryA) > AuthorTimeline.postId(b, 3, entryB));
  }

  /** False for a retweet of the requester's own post, and for one whose source is deleted. */
  private boolean isRetweetServed(long relation, int slot, long postId) {
    if (!Relation.isRetweet(relation)) {
      return true;
    }
    if (requesterId != 0
        && Relation.userFilter(relation) == requesterFilter
        && field(slot, postId, PostBlock.SOURCE_USER) == requesterId) {
      return false;
    }
    return switch (Relation.fact(relation)) {
      case Relation.UNKNOWN -> !isSourceDeleted(slot, postId);
      case Relation.SOURCE_IS_VIDEO, Relation.SOURCE_IS_NO_VIDEO ->
          isHintLive(relation) || !isSourceDeleted(slot, postId);
      default -> true;
    };
  }

  private boolean isSourceDeleted(int slot, long postId) {
    long sourceId = field(slot, postId, PostBlock.SOURCE_POST);
    return sourceId != 0 && index.isDeleted(sourceId, horizon);
  }

  /** The {@link ReplyRule}, by the hint where it still holds. */
  private boolean isReplyServed(long relation, int slot, long postId) {
    if (!Relation.isReply(relation)) {
      return true;
    }
    int fact = Relation.fact(relation);
    return switch (fact) {
      case Relation.PARENT_IS_ORIGINAL, Relation.PARENT_IS_FIRST_REPLY, Relation.TOO_DEEP ->
          isHintLive(relation)
              ? isServed(fact, relation, slot, postId)
              : isParentServing(slot, postId);
      case Relation.UNKNOWN -> isParentServing(slot, postId);
      default -> true;
    };
  }

  private boolean isParentServing(int slot, long postId) {
    PostBlock own = block(slot, postId);
    if (own == null) {
      return false;
    }
    int unit = PostBlocks.unit(slot);
    long parentId = own.inReplyToPostId(unit);
    if (parentId == 0) {
      return true;
    }
    int parent = index.findLive(parentId, horizon);
    PostBlock block = blocks.of(parent);
    if (block == null) {
      return false;
    }
    int fact = ReplyRule.fact(block, PostBlocks.unit(parent), own.conversationId(unit));
    return fact == Relation.PARENT_IS_ORIGINAL
        || (fact == Relation.PARENT_IS_FIRST_REPLY
            && follows.contains(own.field(unit, PostBlock.IN_REPLY_TO_USER)));
  }

  private boolean isServed(int fact, long relation, int slot, long postId) {
    return switch (fact) {
      case Relation.PARENT_IS_ORIGINAL -> true;
      case Relation.PARENT_IS_FIRST_REPLY ->
          (Relation.isRetweet(relation) || follows.mayHold(Relation.userFilter(relation)))
              && follows.contains(field(slot, postId, PostBlock.IN_REPLY_TO_USER));
      default -> false;
    };
  }

  private boolean isHintLive(long relation) {
    int slot = Relation.slot(relation);
    PostBlock block = blocks.of(slot);
    return block != null && block.isLive(PostBlocks.unit(slot), horizon);
  }

  private long field(int slot, long postId, int field) {
    PostBlock block = block(slot, postId);
    return block == null ? 0 : block.field(PostBlocks.unit(slot), field);
  }

  /** The block of an entry's cell; null once it has left, whatever has taken its number since. */
  private @Nullable PostBlock block(int slot, long postId) {
    PostBlock block = blocks.of(slot);
    return block != null && block.postId(PostBlocks.unit(slot)) == postId ? block : null;
  }
}
