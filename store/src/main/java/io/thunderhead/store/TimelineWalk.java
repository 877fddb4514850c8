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
  private static final int ORIGINAL = Timelines.width(Timelines.ORIGINALS);
  private static final int RELATED = Timelines.width(Timelines.SECONDARY);

  private final StoreConfig config;
  private final PostBlocks blocks;
  private final PostIndex index;
  private final Timelines timelines;
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
      Timelines timelines,
      IdSet follows,
      IdSet excludes,
      Candidates candidates) {
    this.config = config;
    this.blocks = blocks;
    this.index = index;
    this.timelines = timelines;
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

  void walkPosts(long originals, long secondary, int place) {
    if (maxOriginals > 0) {
      walkOriginals(originals, place);
    }
    if (maxReplies > 0) {
      walkSecondary(secondary, place);
    }
  }

  private void walkOriginals(long list, int place) {
    long[] words = timelines.words(list);
    int first = Timelines.at(list, ORIGINAL, Timelines.from(list));
    int left = maxOriginals;
    int scans = config.maxPostsScannedPerAuthor();
    for (int at = Timelines.at(list, ORIGINAL, Timelines.to(list)) - ORIGINAL;
        at >= first && left > 0;
        at -= ORIGINAL) {
      long created = Timelines.created(words, at);
      long postId = Timelines.postId(words, at);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      candidates.add(postId, created, Timelines.slot(words, at), place, false);
      left--;
    }
  }

  private void walkSecondary(long list, int place) {
    long[] words = timelines.words(list);
    int first = Timelines.at(list, RELATED, Timelines.from(list));
    int left = maxReplies;
    int scans = config.maxPostsScannedPerAuthor();
    for (int at = Timelines.at(list, RELATED, Timelines.to(list)) - RELATED;
        at >= first && left > 0;
        at -= RELATED) {
      long created = Timelines.created(words, at);
      long postId = Timelines.postId(words, at);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      long relation = Timelines.relation(words, at);
      int slot = Timelines.slot(words, at);
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
  void walkVideos(long videoList, long secondaryList, int place) {
    long[] videos = timelines.words(videoList);
    long[] secondary = timelines.words(secondaryList);
    int firstVideo = Timelines.at(videoList, RELATED, Timelines.from(videoList));
    int firstRetweet = Timelines.at(secondaryList, RELATED, Timelines.from(secondaryList));
    int video = Timelines.at(videoList, RELATED, Timelines.to(videoList)) - RELATED;
    int retweet = Timelines.at(secondaryList, RELATED, Timelines.to(secondaryList));
    int left = maxVideos;
    int scans = config.maxPostsScannedPerAuthor();
    retweet = nextRetweetOfVideo(secondary, firstRetweet, retweet);
    while (left > 0) {
      boolean hasVideo = video >= firstVideo;
      boolean hasRetweet = retweet >= firstRetweet;
      if (!hasVideo && !hasRetweet) {
        return;
      }
      boolean takeVideo = hasVideo && (!hasRetweet || isNewer(videos, video, secondary, retweet));
      long[] words = takeVideo ? videos : secondary;
      int at = takeVideo ? video : retweet;
      if (takeVideo) {
        video -= RELATED;
      } else {
        retweet = nextRetweetOfVideo(secondary, firstRetweet, retweet);
      }
      long created = Timelines.created(words, at);
      long postId = Timelines.postId(words, at);
      if (created < floor || candidates.isBelowBar(created, postId)) {
        return;
      }
      if (excludes.contains(postId)) {
        continue;
      }
      if (scans-- == 0) {
        return;
      }
      int slot = Timelines.slot(words, at);
      if (isRetweetServed(Timelines.relation(words, at), slot, postId)) {
        candidates.add(postId, created, slot, place, false);
        left--;
      }
    }
  }

  /**
   * The next older retweet of a live video before an entry, or what is before the first when there
   * is none young enough.
   */
  private int nextRetweetOfVideo(long[] words, int first, int before) {
    for (int at = before - RELATED; at >= first; at -= RELATED) {
      if (Timelines.created(words, at) < floor) {
        break;
      }
      if (isRetweetOfVideo(words, at)) {
        return at;
      }
    }
    return first - RELATED;
  }

  private boolean isRetweetOfVideo(long[] words, int at) {
    long relation = Timelines.relation(words, at);
    if (!Relation.isRetweet(relation)
        || Relation.isReply(relation)
        || Relation.hasVideo(relation)
        || Relation.fact(relation) == Relation.NOTHING) {
      return false;
    }
    if (isHintLive(relation)) {
      return Relation.fact(relation) == Relation.SOURCE_IS_VIDEO;
    }
    long sourceId =
        field(Timelines.slot(words, at), Timelines.postId(words, at), PostBlock.SOURCE_POST);
    int source = index.findLive(sourceId, horizon);
    PostBlock block = blocks.of(source);
    return block != null
        && VideoRule.fact(block, PostBlocks.unit(source)) == Relation.SOURCE_IS_VIDEO;
  }

  private static boolean isNewer(long[] a, int atA, long[] b, int atB) {
    long createdA = Timelines.created(a, atA);
    long createdB = Timelines.created(b, atB);
    return createdA > createdB
        || (createdA == createdB && Timelines.postId(a, atA) > Timelines.postId(b, atB));
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
    return blocks.isLive(Relation.slot(relation), horizon);
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
