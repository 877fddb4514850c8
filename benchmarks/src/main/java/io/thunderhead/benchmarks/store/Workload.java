package io.thunderhead.benchmarks.store;

import com.google.protobuf.CodedOutputStream;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.ReadQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/**
 * A deterministic stream of posts and queries, the same in any language: splitmix64, a few authors
 * who write much, 48 hours in order of time, 40 % originals (12 % of them videos), 35 % replies and
 * 25 % retweets of one of the million posts before.
 */
final class Workload {
  private static final long SPAN_MS = 172_800_000;
  private static final long FIRST_MS = 451_000_000_000L;
  private static final long SNOWFLAKE_EPOCH_MS = 1_288_834_974_657L;
  private static final int REACH = 1_000_000;

  private final int authors;
  private final long[] ids;
  private final int[] authorOf;
  private final int[] refersTo;
  private final byte[] kinds;
  private final long[] roots;

  private static final byte ORIGINAL = 0;
  private static final byte VIDEO = 1;
  private static final byte REPLY = 2;
  private static final byte RETWEET = 3;

  Workload(int posts, int authors) {
    this.authors = authors;
    ids = new long[posts];
    authorOf = new int[posts];
    refersTo = new int[posts];
    kinds = new byte[posts];
    roots = new long[posts];
    SplitMix random = new SplitMix(42);
    for (int i = 0; i < posts; i++) {
      authorOf[i] = random.author(authors);
      double kind = random.share();
      long low = random.next() & 0x3FFFFF;
      long other = random.next();
      ids[i] = ((FIRST_MS + i * SPAN_MS / posts) << 22) | low;
      if (i == 0 || kind < 0.40) {
        kinds[i] = Long.remainderUnsigned(other, 100) < 12 ? VIDEO : ORIGINAL;
        roots[i] = ids[i];
      } else {
        refersTo[i] = i - 1 - (int) Long.remainderUnsigned(other, Math.min(i, REACH));
        kinds[i] = kind < 0.75 ? REPLY : RETWEET;
        roots[i] = kinds[i] == REPLY ? roots[refersTo[i]] : ids[i];
      }
    }
  }

  int posts() {
    return ids.length;
  }

  /** The second of the last post. */
  long now() {
    return createdAt(ids.length - 1);
  }

  long createdAt(int i) {
    return ((ids[i] >>> 22) + SNOWFLAKE_EPOCH_MS) / 1000;
  }

  /** Fills the fields with post i, encoded as the response has it. */
  void fill(PostFields fields, int i) {
    fields.clear();
    fields.postId = ids[i];
    fields.authorId = authorId(authorOf[i]);
    fields.createdAt = createdAt(i);
    fields.conversationId = roots[i];
    fields.hasVideo = kinds[i] == VIDEO;
    fields.isReply = kinds[i] == REPLY;
    fields.isRetweet = kinds[i] == RETWEET;
    int other = refersTo[i];
    if (fields.isReply) {
      fields.inReplyToPostId = ids[other];
      fields.inReplyToUserId = authorId(authorOf[other]);
    } else if (fields.isRetweet) {
      fields.sourcePostId = ids[other];
      fields.sourceUserId = authorId(authorOf[other]);
    }
    encode(fields);
  }

  /** Queries of one number of follows, each excluding 500 of the last million posts. */
  ReadQuery[] queries(int count, int follows, int maxResults) {
    SplitMix random = new SplitMix(follows == 1000 ? 1001 : follows == 200 ? 1002 : 1003);
    ReadQuery[] queries = new ReadQuery[count];
    for (int q = 0; q < count; q++) {
      ReadQuery query = new ReadQuery();
      query.follows = new long[follows];
      Set<Long> distinct = new HashSet<>();
      while (distinct.size() < follows) {
        long id = authorId(random.author(authors));
        if (distinct.add(id)) {
          query.follows[query.followCount++] = id;
        }
      }
      query.excludes = new long[500];
      query.excludeCount = 500;
      for (int i = 0; i < 500; i++) {
        query.excludes[i] = ids[recent(random)];
      }
      query.requesterId = authorId((int) Long.remainderUnsigned(random.next(), authors));
      query.maxResults = maxResults;
      queries[q] = query;
    }
    return queries;
  }

  /** The ids to delete after everything has been created. */
  long[] deletes() {
    SplitMix random = new SplitMix(7);
    long[] deletes = new long[10_000];
    for (int i = 0; i < deletes.length; i++) {
      deletes[i] = ids[recent(random)];
    }
    return deletes;
  }

  private int recent(SplitMix random) {
    return ids.length
        - 1
        - (int) Long.remainderUnsigned(random.next(), Math.min(ids.length, REACH));
  }

  private static long authorId(int author) {
    return SplitMix.mix(author + 1L) >>> 1;
  }

  private static void encode(PostFields fields) {
    LightPost.Builder post =
        LightPost.newBuilder()
            .setPostId(fields.postId)
            .setAuthorId(fields.authorId)
            .setCreatedAt(fields.createdAt)
            .setIsReply(fields.isReply)
            .setIsRetweet(fields.isRetweet)
            .setHasVideo(fields.hasVideo)
            .setConversationId(fields.conversationId);
    if (fields.isReply) {
      post.setInReplyToPostId(fields.inReplyToPostId);
      post.setInReplyToUserId(fields.inReplyToUserId);
    }
    if (fields.isRetweet) {
      post.setSourcePostId(fields.sourcePostId);
      post.setSourceUserId(fields.sourceUserId);
    }
    LightPost built = post.build();
    fields.encodedLength = CodedOutputStream.computeMessageSize(1, built);
    if (fields.encoded.length < fields.encodedLength) {
      fields.encoded = new byte[256];
    }
    CodedOutputStream out = CodedOutputStream.newInstance(fields.encoded, 0, fields.encodedLength);
    try {
      out.writeMessage(1, built);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** splitmix64. */
  private static final class SplitMix {
    private long state;

    SplitMix(long seed) {
      state = seed;
    }

    static long mix(long z) {
      long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
      return b ^ (b >>> 31);
    }

    long next() {
      state += 0x9E3779B97F4A7C15L;
      return mix(state);
    }

    double share() {
      return (next() >>> 11) * 0x1.0p-53;
    }

    int author(int authors) {
      double u = share();
      return (int) (authors * (u * u * u));
    }
  }
}
