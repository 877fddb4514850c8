package io.thunderhead.benchmarks.redis;

import io.thunderhead.benchmarks.peer.CompactPost;
import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.peer.ThunderStore;
import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Our store beside a Redis with the same posts, asked the same queries by turns until the answers
 * are in the caller's hands. Redis is given every help: filters are decided at the load, nothing
 * expires, nothing changes while it is read.
 */
public final class RedisCompare {
  /** The workload's limits per author; neither side is to lose posts to the others. */
  private static final ThunderLimits LIMITS =
      new ThunderLimits(172_800, 20, 10, 20, 50_000, 50_000);

  private static final int PIPELINE = 1000;
  private static final int RESULTS = 400;

  private final Workload workload;
  private final Report report;
  private final int queries;

  public RedisCompare(Workload workload, Report report, int queries) {
    this.workload = workload;
    this.report = report;
    this.queries = queries;
  }

  /** Fills an empty Redis, compares, and empties it again. */
  public void run(String host, int port) {
    try (Jedis redis = new Jedis(host, port, 60_000)) {
      if (redis.dbSize() != 0) {
        throw new BenchFailedException(
            "the Redis at %s:%d has keys; give it one of its own, it is emptied at the end"
                .formatted(host, port));
      }
      try {
        compare(redis);
      } finally {
        redis.flushDB();
      }
    } catch (JedisException e) {
      throw new BenchFailedException("Redis at %s:%d: %s".formatted(host, port, e.getMessage()));
    }
  }

  private void compare(Jedis redis) {
    report.fact("redis", info(redis, "redis_version"));
    double before = Double.parseDouble(info(redis, "used_memory"));
    PostStore ours = new PostStore(LIMITS.ours());
    ThunderStore records = new ThunderStore(LIMITS);
    PostStream stream = fill(ours, records);
    double redisRate = load(redis, records);
    long posts = ours.stats().posts();
    report.add(
        Row.moreIsBetter(
            "insert-beside-redis", ourRate(), "events per second", redisRate, "Redis, pipelined"));
    report.add(
        Row.lessIsBetter(
            "bytes-per-post-beside-redis",
            (double) ours.stats().totalBytes() / posts,
            "bytes",
            (Double.parseDouble(info(redis, "used_memory")) - before) / posts,
            "Redis, used_memory"));
    RedisPosts there = new RedisPosts(redis, LIMITS.maxOriginals(), LIMITS.maxReplies());
    for (int follows : new int[] {200, 1000}) {
      ReadQuery[] asked = workload.queries(stream, queries, follows, RESULTS);
      readBoth(ours, there, asked, stream.now());
    }
    report.summary(
        "bench store --redis: "
            + report.rows().stream()
                .map(row -> row.name() + " " + row.ratio() + "x")
                .reduce((a, b) -> a + ", " + b)
                .orElse(""));
  }

  private PostStream fill(PostStore ours, ThunderStore records) {
    PostStream stream = workload.stream();
    PostFields[] one = {new PostFields()};
    while (stream.made() < workload.posts()) {
      stream.next(one[0]);
      ours.create(one[0], stream.now());
      records.insert(one, 1, stream.now() + 1);
    }
    for (long id : workload.deletes(stream)) {
      ours.delete(id, 0, stream.now(), stream.now(), stream.now());
      records.delete(id, stream.now());
    }
    report.progress("%,d posts in ours".formatted(ours.stats().posts()));
    return stream;
  }

  /** Wall time of an insert of the same posts into another store of ours, making them excluded. */
  private double ourRate() {
    PostStore store = new PostStore(LIMITS.ours());
    PostStream stream = workload.stream();
    PostFields[] posts =
        Stream.generate(PostFields::new).limit(PIPELINE).toArray(PostFields[]::new);
    long spent = 0;
    while (stream.made() < workload.posts()) {
      for (PostFields post : posts) {
        stream.next(post);
      }
      long start = System.nanoTime();
      for (PostFields post : posts) {
        store.create(post, stream.now());
      }
      spent += System.nanoTime() - start;
    }
    return stream.made() * 1e9 / spent;
  }

  /** Events per second of wall time. */
  private double load(Jedis redis, ThunderStore records) {
    PostStream stream = workload.stream();
    PostFields post = new PostFields();
    long spent = 0;
    while (stream.made() < workload.posts()) {
      try (Pipeline pipeline = redis.pipelined()) {
        for (int i = 0; i < PIPELINE && stream.made() < workload.posts(); i++) {
          stream.next(post);
          if (!records.isDeleted(post.postId)) {
            add(pipeline, post, records);
          }
        }
        long start = System.nanoTime();
        pipeline.sync();
        spent += System.nanoTime() - start;
      }
      if (stream.made() % 250_000 == 0) {
        report.progress("%,d posts in Redis".formatted(stream.made()));
      }
    }
    return stream.made() * 1e9 / spent;
  }

  private static void add(Pipeline pipeline, PostFields post, ThunderStore records) {
    if (post.isRetweet) {
      if (records.isDeleted(post.sourcePostId)) {
        RedisPosts.addEncoded(pipeline, post);
      } else {
        RedisPosts.addSecondary(pipeline, post, RedisPosts.NOT_TO, post.sourceUserId);
      }
      return;
    }
    if (!post.isReply) {
      RedisPosts.addOriginal(pipeline, post);
      return;
    }
    CompactPost parent = records.post(post.inReplyToPostId);
    if (parent == null) {
      RedisPosts.addEncoded(pipeline, post);
    } else if (!parent.isReply() && !parent.isRetweet()) {
      RedisPosts.addSecondary(pipeline, post, RedisPosts.ALWAYS, 0);
    } else if (parent.inReplyToPostId() == post.conversationId) {
      RedisPosts.addSecondary(pipeline, post, RedisPosts.TO_FOLLOWERS_OF, post.inReplyToUserId);
    } else {
      RedisPosts.addEncoded(pipeline, post);
    }
  }

  private void readBoth(PostStore store, RedisPosts there, ReadQuery[] asked, long nowSeconds) {
    PostReader reader = store.newReader();
    byte[] answer = new byte[1 << 16];
    for (int i = 0; i < 20_000; i++) {
      reader.read(asked[i % asked.length], nowSeconds, StopSignal.NEVER).copyTo(answer, 0);
    }
    long[] ours = new long[asked.length];
    long[] theirs = new long[asked.length];
    int same = 0;
    for (int q = 0; q < asked.length; q++) {
      long start = System.nanoTime();
      ReadResult result = reader.read(asked[q], nowSeconds, StopSignal.NEVER);
      result.copyTo(answer, 0);
      long middle = System.nanoTime();
      List<RedisPosts.Found> found = there.read(asked[q]);
      theirs[q] = System.nanoTime() - middle;
      ours[q] = middle - start;
      same += isSame(result, found) ? 1 : 0;
    }
    int follows = asked[0].followCount;
    report.fact("same answers of " + follows + " follows as Redis", same + " of " + asked.length);
    Arrays.sort(ours);
    Arrays.sort(theirs);
    for (int percent : new int[] {50, 99}) {
      int at = asked.length * percent / 100;
      report.add(
          Row.lessIsBetter(
              "read-%d-follows-p%d-beside-redis".formatted(follows, percent),
              ours[at] / 1e3,
              "us, wall",
              theirs[at] / 1e3,
              "Redis, pipelined, merged by the client"));
    }
    if (same != asked.length) {
      throw new BenchFailedException("Redis and our store answer differently");
    }
  }

  private static boolean isSame(ReadResult result, List<RedisPosts.Found> found) {
    if (result.count() != found.size()) {
      return false;
    }
    for (int i = 0; i < result.count(); i++) {
      if (result.postId(i) != found.get(i).postId()) {
        return false;
      }
    }
    return true;
  }

  private static String info(Jedis redis, String field) {
    return redis
        .info()
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }
}
