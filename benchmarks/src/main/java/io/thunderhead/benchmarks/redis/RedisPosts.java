package io.thunderhead.benchmarks.redis;

import io.thunderhead.store.PostFields;
import io.thunderhead.store.ReadQuery;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/**
 * The posts as an application keeps them in Redis: per author a sorted set of originals and one of
 * replies and retweets, and each post's encoded form under its id. What a filter needs is in the
 * member, decided at the load for good, so that no parent has to be looked up in a read.
 *
 * <pre>
 *  o + author ▶ { created: id(8) created(4) }
 *  s + author ▶ { created: id(8) created(4) kind(1) user(8) }
 *  p + id     ▶ encoded post
 * </pre>
 *
 * <p>Ids are big-endian, so that Redis's own order of equal scores is ours.
 */
final class RedisPosts {
  /** Shown to everybody. */
  static final byte ALWAYS = 0;

  /** A retweet: not shown to the user named. */
  static final byte NOT_TO = 1;

  /** A reply: shown to those who follow the user named. */
  static final byte TO_FOLLOWERS_OF = 2;

  private static final int ORIGINAL_BYTES = 12;
  private static final int SECONDARY_BYTES = 21;

  private final Jedis redis;
  private final int maxOriginals;
  private final int maxReplies;

  RedisPosts(Jedis redis, int maxOriginals, int maxReplies) {
    this.redis = redis;
    this.maxOriginals = maxOriginals;
    this.maxReplies = maxReplies;
  }

  /** Adds an original to a pipeline. */
  static void addOriginal(Pipeline pipeline, PostFields post) {
    byte[] member = member(post, ORIGINAL_BYTES).array();
    pipeline.zadd(key('o', post.authorId), (double) post.createdAt, member);
    addEncoded(pipeline, post);
  }

  /** Adds a reply or retweet that somebody may see. */
  static void addSecondary(Pipeline pipeline, PostFields post, byte kind, long user) {
    byte[] member = member(post, SECONDARY_BYTES).put(kind).putLong(user).array();
    pipeline.zadd(key('s', post.authorId), (double) post.createdAt, member);
    addEncoded(pipeline, post);
  }

  /** Adds what nobody sees, but may be asked for. */
  static void addEncoded(Pipeline pipeline, PostFields post) {
    pipeline.set(key('p', post.postId), Arrays.copyOf(post.encoded, post.encodedLength));
  }

  /** The answer to a query, newest first; its encoded posts come along, as they would be sent. */
  List<Found> read(ReadQuery query) {
    Set<Long> excludes = set(query.excludes, query.excludeCount);
    Set<Long> follows = set(query.follows, query.followCount);
    List<Page> pages = new ArrayList<>(query.followCount * 2);
    for (long author : follows) {
      pages.add(new Page(key('o', author), maxOriginals));
      pages.add(new Page(key('s', author), maxReplies));
    }
    List<Found> found = new ArrayList<>();
    while (!pages.isEmpty()) {
      fetch(pages);
      pages.removeIf(page -> page.take(query.requesterId, follows, excludes, found));
    }
    found.sort(RedisPosts::newestFirst);
    List<Found> answer = found.subList(0, Math.min(query.maxResults, found.size()));
    byte[][] keys = answer.stream().map(post -> key('p', post.postId())).toArray(byte[][]::new);
    int bytes = 0;
    for (byte[] encoded : redis.mget(keys)) {
      bytes += encoded.length;
    }
    if (bytes == 0) {
      throw new IllegalStateException("the posts of the answer are not there");
    }
    return answer;
  }

  private void fetch(List<Page> pages) {
    try (Pipeline pipeline = redis.pipelined()) {
      for (Page page : pages) {
        page.ask(pipeline);
      }
      pipeline.sync();
    }
  }

  private static ByteBuffer member(PostFields post, int bytes) {
    return ByteBuffer.allocate(bytes).putLong(post.postId).putInt((int) post.createdAt);
  }

  private static byte[] key(char kind, long id) {
    return ByteBuffer.allocate(9).put((byte) kind).putLong(id).array();
  }

  private static Set<Long> set(long[] ids, int count) {
    Set<Long> set = HashSet.newHashSet(count);
    for (int i = 0; i < count; i++) {
      set.add(ids[i]);
    }
    return set;
  }

  private static int newestFirst(Found a, Found b) {
    int byTime = Integer.compareUnsigned(b.created(), a.created());
    return byTime != 0 ? byTime : Long.compare(b.postId(), a.postId());
  }

  /** A post of an answer. */
  record Found(long postId, int created) {}

  /** As many members of one list as may be taken; and the next ones, when some were not fit. */
  private static final class Page {
    private final byte[] key;
    private final int cap;
    private int from;
    private int taken;
    private Response<List<byte[]>> members = new Response<>(null);

    Page(byte[] key, int cap) {
      this.key = key;
      this.cap = cap;
    }

    void ask(Pipeline pipeline) {
      members = pipeline.zrevrange(key, from, from + cap - 1);
    }

    /** Whether this list is done with. */
    boolean take(long requester, Set<Long> follows, Set<Long> excludes, List<Found> found) {
      List<byte[]> page = members.get();
      for (byte[] bytes : page) {
        ByteBuffer member = ByteBuffer.wrap(bytes);
        Found post = new Found(member.getLong(), member.getInt());
        if (taken < cap
            && !excludes.contains(post.postId())
            && isShown(member, requester, follows)) {
          found.add(post);
          taken++;
        }
      }
      from += cap;
      return taken == cap || page.size() < cap;
    }

    private static boolean isShown(ByteBuffer member, long requester, Set<Long> follows) {
      if (!member.hasRemaining()) {
        return true;
      }
      byte kind = member.get();
      long user = member.getLong();
      return switch (kind) {
        case NOT_TO -> user != requester;
        case TO_FOLLOWERS_OF -> follows.contains(user);
        default -> true;
      };
    }
  }
}
