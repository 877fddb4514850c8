package io.thunderhead.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the store in plain collections, one after the other. What it answers is right by
 * definition.
 */
final class NaivePostStore implements PostStoreContract.Subject {
  private enum Kind {
    ORIGINAL,
    SECONDARY,
    VIDEO
  }

  private final StoreConfig config;
  private final Map<Long, Post> posts = new HashMap<>();

  /** Deleted id to the last second at which it stays deleted. */
  private final Map<Long, Long> tombstones = new HashMap<>();

  private final Map<Kind, Map<Long, NavigableSet<Post>>> lists = new HashMap<>();
  private long clock;

  NaivePostStore(StoreConfig config) {
    this.config = config;
    clear();
  }

  @Override
  public CreateOutcome create(Post post, long now) {
    if (post.id() <= 0 || post.author() <= 0 || post.created() <= 0) {
      return CreateOutcome.INVALID;
    }
    if (post.created() > now + config.futureSkewSeconds()) {
      return CreateOutcome.FUTURE;
    }
    advance(now);
    if (post.created() < clock - config.retentionSeconds()) {
      return CreateOutcome.EXPIRED;
    }
    if (isDeleted(post.id(), clock)) {
      return CreateOutcome.DELETED;
    }
    if (posts.containsKey(post.id())) {
      return CreateOutcome.DUPLICATE;
    }
    posts.put(post.id(), post);
    List<Post> left = new ArrayList<>();
    for (Kind kind : kinds(post)) {
      NavigableSet<Post> list = list(kind, post.author());
      list.add(post);
      if (list.size() > config.maxPostsKeptPerAuthor()) {
        left.add(list.removeLast());
      }
    }
    left.stream().filter(old -> !isListed(old)).forEach(old -> posts.remove(old.id()));
    return posts.containsKey(post.id()) ? CreateOutcome.APPLIED : CreateOutcome.EVICTED;
  }

  @Override
  public DeleteOutcome delete(long id, long author, long deletedAt, long recordTime, long now) {
    if (id <= 0) {
      return DeleteOutcome.INVALID;
    }
    advance(now);
    long at = deletedAt;
    if (at <= 0 || at > now) {
      at = recordTime;
    }
    if (at <= 0 || at > now) {
      at = now;
    }
    long until = at + config.retentionSeconds() + config.futureSkewSeconds();
    boolean known = isDeleted(id, clock);
    if (until >= clock) {
      tombstones.merge(id, until, Math::max);
    }
    Post held = posts.remove(id);
    if (held != null) {
      unlist(held);
      return DeleteOutcome.APPLIED;
    }
    if (known) {
      return DeleteOutcome.DUPLICATE;
    }
    return until < clock ? DeleteOutcome.EXPIRED : DeleteOutcome.RECORDED;
  }

  @Override
  public void trim(long now) {
    advance(now);
  }

  @Override
  public void clear() {
    posts.clear();
    tombstones.clear();
    for (Kind kind : Kind.values()) {
      lists.put(kind, new HashMap<>());
    }
    clock = 0;
  }

  @Override
  public List<Long> read(ReadQuery query, long now) {
    long time = Math.max(clock, now);
    Set<Long> follows = set(query.follows, query.followCount);
    Set<Long> excludes = set(query.excludes, query.excludeCount);
    List<Post> found = new ArrayList<>();
    for (long author : follows) {
      if (query.video) {
        int cap = Math.min(config.maxVideoPostsPerAuthor(), query.maxOriginals);
        found.addAll(select(videos(author, time), excludes, follows, query, cap, time, false));
      } else {
        int originals = Math.min(config.maxOriginalPostsPerAuthor(), query.maxOriginals);
        int replies = Math.min(config.maxReplyPostsPerAuthor(), query.maxReplies);
        found.addAll(
            select(list(Kind.ORIGINAL, author), excludes, follows, query, originals, time, false));
        found.addAll(
            select(list(Kind.SECONDARY, author), excludes, follows, query, replies, time, true));
      }
    }
    found.sort(Post.NEWEST_FIRST);
    return found.stream().limit(Math.max(0, query.maxResults)).map(Post::id).toList();
  }

  /** Whether a post is there, whatever others say of it. */
  boolean holds(long id, long now) {
    Post post = posts.get(id);
    return post != null && isLive(post, Math.max(clock, now));
  }

  /** Whether what a post refers to speaks for it, as far as that has to be there. */
  boolean isSpokenFor(Post post, long now) {
    return (post.parent() == 0 || holds(post.parent(), now))
        && !(post.retweet() && isDeleted(post.source(), Math.max(clock, now)));
  }

  /** One author's list from the newest on: scan limit, rules of a single post, limit per author. */
  private List<Post> select(
      NavigableSet<Post> list,
      Set<Long> excludes,
      Set<Long> follows,
      ReadQuery query,
      int cap,
      long time,
      boolean filterReplies) {
    return list.stream()
        .filter(post -> isLive(post, time))
        .filter(post -> !excludes.contains(post.id()))
        .limit(config.maxPostsScannedPerAuthor())
        .filter(post -> !isRetweetOf(post, query.requesterId))
        .filter(post -> !(post.retweet() && isDeleted(post.source(), time)))
        .filter(post -> !filterReplies || isReplyServed(post, follows, time))
        .limit(Math.max(0, cap))
        .toList();
  }

  private static boolean isRetweetOf(Post post, long requester) {
    return requester != 0 && post.retweet() && post.sourceUser() == requester;
  }

  private boolean isReplyServed(Post post, Set<Long> follows, long time) {
    if (post.parent() == 0) {
      return true;
    }
    Post parent = posts.get(post.parent());
    if (parent == null || !isLive(parent, time)) {
      return false;
    }
    if (parent.original()) {
      return true;
    }
    return post.conversation() != 0
        && parent.parent() == post.conversation()
        && follows.contains(post.parentUser());
  }

  /** Marked videos, and retweets of what is a video now; no replies. */
  private NavigableSet<Post> videos(long author, long time) {
    NavigableSet<Post> all = new TreeSet<>(list(Kind.VIDEO, author));
    for (Post post : list(Kind.SECONDARY, author)) {
      Post source = posts.get(post.source());
      if (post.retweet()
          && !post.reply()
          && !post.video()
          && source != null
          && isLive(source, time)
          && source.video()
          && !source.reply()) {
        all.add(post);
      }
    }
    return all;
  }

  private static List<Kind> kinds(Post post) {
    Kind kind = post.original() ? Kind.ORIGINAL : Kind.SECONDARY;
    return post.video() && !post.reply() ? List.of(kind, Kind.VIDEO) : List.of(kind);
  }

  private NavigableSet<Post> list(Kind kind, long author) {
    return lists(kind).computeIfAbsent(author, id -> new TreeSet<>(Post.NEWEST_FIRST));
  }

  private Map<Long, NavigableSet<Post>> lists(Kind kind) {
    @Nullable Map<Long, NavigableSet<Post>> all = lists.get(kind);
    if (all == null) {
      throw new AssertionError(kind);
    }
    return all;
  }

  private boolean isListed(Post post) {
    return kinds(post).stream().anyMatch(kind -> list(kind, post.author()).contains(post));
  }

  private void unlist(Post post) {
    for (Kind kind : kinds(post)) {
      list(kind, post.author()).remove(post);
    }
  }

  private boolean isLive(Post post, long time) {
    return post.created() >= time - config.retentionSeconds();
  }

  private boolean isDeleted(long id, long time) {
    Long until = tombstones.get(id);
    return until != null && until >= time;
  }

  private void advance(long now) {
    if (now <= clock) {
      return;
    }
    clock = now;
    List<Post> expired = posts.values().stream().filter(post -> !isLive(post, clock)).toList();
    expired.forEach(this::unlist);
    expired.forEach(post -> posts.remove(post.id()));
    tombstones.values().removeIf(until -> until < clock);
  }

  private static Set<Long> set(long[] ids, int count) {
    Set<Long> set = new HashSet<>();
    Arrays.stream(ids, 0, count).filter(id -> id > 0).forEach(set::add);
    return set;
  }
}
