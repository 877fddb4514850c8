package io.thunderhead.benchmarks.peer;

import io.thunderhead.store.PostFields;
import io.thunderhead.store.ReadQuery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Thunder's published PostStore as one would write it in Java: concurrent maps, records and deques;
 * a read collects every candidate, sorts and cuts. Its rules are Thunder's to the letter, also
 * where ours are better, so that its answers can be checked against a build of the original.
 *
 * <p>Three deviations, none of which helps us: the time is passed in, there are no metrics, and
 * posts of one second are ordered by id, where the original leaves them in any order.
 */
public final class ThunderStore {
  /** The author whose list of originals holds the deletes. */
  private static final Long DELETE_EVENT_KEY = 0L;

  private final ThunderLimits limits;
  private final Map<Long, CompactPost> posts = new ConcurrentHashMap<>();
  private final Map<Long, ArrayDeque<TinyPost>> originals = new ConcurrentHashMap<>();
  private final Map<Long, ArrayDeque<TinyPost>> secondary = new ConcurrentHashMap<>();
  private final Map<Long, ArrayDeque<TinyPost>> videos = new ConcurrentHashMap<>();
  private final Map<Long, Boolean> deleted = new ConcurrentHashMap<>();

  public ThunderStore(ThunderLimits limits) {
    this.limits = limits;
  }

  /** Takes in a batch: drops what is too old or not yet, sorts by time, and links one by one. */
  public void insert(PostFields[] batch, int count, long nowSeconds) {
    List<CompactPost> fit = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PostFields post = batch[i];
      if (post.createdAt < nowSeconds && nowSeconds - post.createdAt <= limits.retentionSeconds()) {
        fit.add(CompactPost.of(post));
      }
    }
    fit.sort((a, b) -> Long.compare(a.createdAt(), b.createdAt()));
    for (CompactPost post : fit) {
      insert(post);
    }
  }

  private void insert(CompactPost post) {
    Long id = post.postId();
    if (deleted.containsKey(id) || posts.put(id, post) != null) {
      return;
    }
    TinyPost tiny = new TinyPost(post.postId(), post.createdAt());
    List<TinyPost> pushedOut = new ArrayList<>(0);
    append(post.isOriginal() ? originals : secondary, post.authorId(), tiny, pushedOut);
    if (isVideo(post)) {
      append(videos, post.authorId(), tiny, pushedOut);
    }
    for (TinyPost old : pushedOut) {
      posts.remove(old.postId());
    }
  }

  private void append(
      Map<Long, ArrayDeque<TinyPost>> lists, Long author, TinyPost tiny, List<TinyPost> pushedOut) {
    ArrayDeque<TinyPost> list = lists.computeIfAbsent(author, key -> new ArrayDeque<>(4));
    synchronized (list) {
      while (list.size() >= limits.maxKept()) {
        pushedOut.add(list.removeFirst());
      }
      list.addLast(tiny);
    }
  }

  private boolean isVideo(CompactPost post) {
    if (post.isReply()) {
      return false;
    }
    if (post.hasVideo()) {
      return true;
    }
    CompactPost source =
        post.isRetweet() && post.sourcePostId() != 0 ? posts.get(post.sourcePostId()) : null;
    return source != null && !source.isReply() && source.hasVideo();
  }

  /** Removes the record and remembers the id; the lists keep their entries. */
  public void delete(long postId, long deletedAt) {
    posts.remove(postId);
    deleted.put(postId, true);
    ArrayDeque<TinyPost> list =
        originals.computeIfAbsent(DELETE_EVENT_KEY, key -> new ArrayDeque<>());
    synchronized (list) {
      list.addLast(new TinyPost(postId, deletedAt));
    }
  }

  /** Every candidate of a query, sorted, newest first, cut. */
  public List<CompactPost> read(ReadQuery query) {
    Set<Long> exclude = setOf(query.excludes, query.excludeCount);
    List<CompactPost> found = new ArrayList<>();
    if (query.video) {
      walk(videos, query, exclude, Set.of(), limits.maxVideos(), found);
    } else {
      Set<Long> following = setOf(query.follows, query.followCount);
      walk(originals, query, exclude, Set.of(), limits.maxOriginals(), found);
      walk(secondary, query, exclude, following, limits.maxReplies(), found);
    }
    found.sort(ThunderStore::newestFirst);
    return found.size() > query.maxResults ? found.subList(0, query.maxResults) : found;
  }

  /** Writes an answer; returns its length. */
  public static int encode(List<CompactPost> answer, byte[] out) {
    int at = 0;
    for (CompactPost post : answer) {
      at = post.encode(out, at);
    }
    return at;
  }

  private void walk(
      Map<Long, ArrayDeque<TinyPost>> lists,
      ReadQuery query,
      Set<Long> exclude,
      Set<Long> following,
      int cap,
      List<CompactPost> found) {
    for (int i = 0; i < query.followCount; i++) {
      ArrayDeque<TinyPost> list = lists.get(query.follows[i]);
      if (list != null) {
        synchronized (list) {
          walk(list, query.requesterId, exclude, following, cap, found);
        }
      }
    }
  }

  private void walk(
      ArrayDeque<TinyPost> list,
      long requester,
      Set<Long> exclude,
      Set<Long> following,
      int cap,
      List<CompactPost> found) {
    int scanned = 0;
    int taken = 0;
    Iterator<TinyPost> newestFirst = list.descendingIterator();
    while (newestFirst.hasNext() && taken < cap && scanned < limits.maxScanned()) {
      TinyPost tiny = newestFirst.next();
      if (exclude.contains(tiny.postId())) {
        continue;
      }
      scanned++;
      CompactPost post = posts.get(tiny.postId());
      if (post != null && isEligible(post, requester, following)) {
        found.add(post);
        taken++;
      }
    }
  }

  private boolean isEligible(CompactPost post, long requester, Set<Long> following) {
    if (post.isRetweet() && post.sourceUserId() == requester) {
      return false;
    }
    if (following.isEmpty() || post.inReplyToPostId() == 0) {
      return true;
    }
    CompactPost parent = posts.get(post.inReplyToPostId());
    if (parent == null) {
      return false;
    }
    return parent.isOriginal()
        || (post.conversationId() != 0
            && parent.inReplyToPostId() == post.conversationId()
            && following.contains(post.inReplyToUserId()));
  }

  /** The record of a post that is held. */
  public @Nullable CompactPost post(long postId) {
    return posts.get(postId);
  }

  /** When an author last posted, UNIX seconds; 0 for never. */
  public long newestOf(long author) {
    return Math.max(newest(originals.get(author)), newest(secondary.get(author)));
  }

  private static long newest(@Nullable ArrayDeque<TinyPost> list) {
    TinyPost last = list == null ? null : list.peekLast();
    return last == null ? 0 : last.createdAt();
  }

  public boolean isDeleted(long postId) {
    return deleted.containsKey(postId);
  }

  public int size() {
    return posts.size();
  }

  private static int newestFirst(CompactPost a, CompactPost b) {
    int byTime = Long.compare(b.createdAt(), a.createdAt());
    return byTime != 0 ? byTime : Long.compare(b.postId(), a.postId());
  }

  private static Set<Long> setOf(long[] ids, int count) {
    Set<Long> set = HashSet.newHashSet(count);
    for (int i = 0; i < count; i++) {
      set.add(ids[i]);
    }
    return set;
  }
}
