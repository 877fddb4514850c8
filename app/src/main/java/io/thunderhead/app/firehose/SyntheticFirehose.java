package io.thunderhead.app.firehose;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes up a firehose of {@code TweetEvent}s, one at a time into its own buffer. The same seed,
 * number of authors and clock readings give the same bytes. An author's share of the posts falls
 * with the rank, about as 1 / rank; {@link FirehoseKind} has the mix of events. Each event replaces
 * the one before. Not thread-safe but for the counts.
 */
public final class SyntheticFirehose {
  /** The id of the busiest author; the others follow by rank without gaps. */
  public static final long FIRST_AUTHOR_ID = 1_000_000_001L;

  /** The most authors there can be. */
  public static final int MAX_AUTHORS = 100_000_000;

  private static final int RECENT_POSTS = 1 << 16;
  private static final int TEXTS = 64;
  private static final int MAX_TEXT_BYTES = 140;
  private static final int UNDELETE = 5;
  private static final int TAKEDOWN = 7;
  private static final RejectReason[] FAULTS = {
    RejectReason.NOT_THRIFT,
    RejectReason.NO_DATA,
    RejectReason.NO_TWEET,
    RejectReason.NO_ID,
    RejectReason.BAD_ID,
    RejectReason.NO_AUTHOR,
    RejectReason.AUTHOR_MISMATCH,
    RejectReason.NO_CREATED_AT
  };
  private static final FirehoseKind[] KIND_OF_THOUSAND = kindOfThousand();

  private final int authors;
  private final RandomBits random;
  private final PostIds postIds;
  private final RecentPosts recent = new RecentPosts(RECENT_POSTS);
  private final TweetEventWriter writer = new TweetEventWriter();
  private final TweetFields tweet = new TweetFields();
  private final byte[][] texts = new byte[TEXTS][];

  /** Written by the one thread that makes events, read by any. Both maps never change. */
  private final Map<FirehoseKind, LongAdder> counts = new EnumMap<>(FirehoseKind.class);

  private final Map<RejectReason, LongAdder> malformed = new EnumMap<>(RejectReason.class);

  private FirehoseKind kind = FirehoseKind.ORIGINAL;
  private int length;
  private long key;

  /** A firehose of that many authors. */
  public SyntheticFirehose(long seed, int authors) {
    if (authors < 1 || authors > MAX_AUTHORS) {
      throw new IllegalArgumentException(
          "authors must be from 1 to " + MAX_AUTHORS + ", is " + authors);
    }
    this.authors = authors;
    this.random = new RandomBits(seed);
    this.postIds = new PostIds(seed);
    for (int i = 0; i < TEXTS; i++) {
      texts[i] = text();
    }
    for (FirehoseKind each : FirehoseKind.values()) {
      counts.put(each, new LongAdder());
    }
    for (RejectReason fault : FAULTS) {
      malformed.put(fault, new LongAdder());
    }
  }

  /** Makes the next event, which happens now. */
  public void next(long nowMs) {
    FirehoseKind wanted = KIND_OF_THOUSAND[random.nextInt(KIND_OF_THOUSAND.length)];
    int about =
        switch (wanted) {
          case REPLY, RETWEET, QUOTED_DELETE -> recent.pick(random, false);
          case DELETE, OTHER -> recent.pick(random, true);
          default -> RecentPosts.NONE;
        };
    boolean needsPost =
        switch (wanted) {
          case REPLY, RETWEET, DELETE, QUOTED_DELETE, OTHER -> true;
          default -> false;
        };
    kind = needsPost && about == RecentPosts.NONE ? FirehoseKind.ORIGINAL : wanted;
    switch (kind) {
      case DELETE -> delete(about, nowMs);
      case QUOTED_DELETE -> quotedDelete(about, nowMs);
      case OTHER -> other(about, nowMs);
      case MALFORMED -> malformed(nowMs);
      default -> create(about, nowMs);
    }
    Objects.requireNonNull(counts.get(kind)).increment();
  }

  /** The bytes of the event, from 0 to {@link #length}; overwritten by the next one. */
  public byte[] buffer() {
    return writer.buffer();
  }

  /** How many bytes the event has. */
  public int length() {
    return length;
  }

  /** The id of the author whose post it is about, or 0 if the event is malformed. */
  public long key() {
    return key;
  }

  /** What the event is. */
  public FirehoseKind kind() {
    return kind;
  }

  /** The author of that rank, from 0, the busiest, to below the number of authors. */
  public long authorId(int rank) {
    if (rank < 0 || rank >= authors) {
      throw new IllegalArgumentException("rank must be below " + authors + ", is " + rank);
    }
    return FIRST_AUTHOR_ID + rank;
  }

  /** What was made so far; any thread may ask. */
  public FirehoseCounts counts() {
    Map<RejectReason, Long> byReason = new EnumMap<>(RejectReason.class);
    malformed.forEach((reason, count) -> {
      if (count.sum() > 0) {
        byReason.put(reason, count.sum());
      }
    });
    long creates = 0;
    for (FirehoseKind each : FirehoseKind.values()) {
      creates +=
          switch (each) {
            case ORIGINAL, REPLY, MENTION, RETWEET, VIDEO, SHORT_VIDEO -> made(each);
            case NULLCAST, DELETE, QUOTED_DELETE, OTHER, MALFORMED -> 0;
          };
    }
    return new FirehoseCounts(
        creates,
        made(FirehoseKind.DELETE),
        made(FirehoseKind.QUOTED_DELETE),
        made(FirehoseKind.NULLCAST),
        made(FirehoseKind.OTHER),
        byReason);
  }

  /** How many events of one kind were made so far; any thread may ask. */
  public long made(FirehoseKind kind) {
    return Objects.requireNonNull(counts.get(kind)).sum();
  }

  private void create(int about, long nowMs) {
    fill(nowMs);
    switch (kind) {
      case REPLY -> {
        tweet.hasReply = true;
        tweet.inReplyToPostId = recent.postId(about);
        tweet.inReplyToUserId = recent.authorId(about);
        tweet.conversationId = recent.rootId(about);
      }
      case MENTION -> {
        tweet.hasReply = true;
        tweet.inReplyToUserId = anyAuthor();
      }
      case RETWEET -> {
        tweet.hasShare = true;
        tweet.sourcePostId = recent.postId(about);
        tweet.sourceUserId = recent.authorId(about);
        tweet.conversationId = 0;
      }
      case VIDEO -> video(5_000 + random.nextInt(135_000));
      case SHORT_VIDEO -> video(500 + random.nextInt(4_500));
      case NULLCAST -> tweet.nullcast = true;
      default -> tweet.images = Math.max(0, random.nextInt(12) - 7);
    }
    length = writer.writeCreate(tweet);
    key = tweet.userId;
    if (kind != FirehoseKind.NULLCAST) {
      boolean retweet = kind == FirehoseKind.RETWEET;
      recent.add(
          tweet.postId, tweet.userId, retweet ? tweet.postId : tweet.conversationId, retweet);
    }
  }

  private void video(int durationMs) {
    tweet.videos = 1;
    tweet.videoDurationMs = durationMs;
  }

  /** A post of its own by any author. */
  private void fill(long nowMs) {
    tweet.clear();
    tweet.postId = postIds.next(nowMs);
    tweet.userId = anyAuthor();
    tweet.coreUserId = tweet.userId;
    tweet.text = texts[random.nextInt(TEXTS)];
    tweet.createdAtSeconds = nowMs / 1000;
    tweet.conversationId = tweet.postId;
    tweet.timestampMs = nowMs;
  }

  private void delete(int about, long nowMs) {
    boolean sayWhose = random.nextInt(10) != 0;
    key = recent.authorId(about);
    length = writer.writeDelete(recent.postId(about), sayWhose ? key : 0, nowMs);
    recent.remove(about);
  }

  private void quotedDelete(int about, long nowMs) {
    key = recent.authorId(about);
    int quoted = recent.pick(random, false);
    boolean known = quoted != RecentPosts.NONE;
    length =
        writer.writeQuotedDelete(
            recent.postId(about),
            key,
            known ? recent.postId(quoted) : 0,
            known ? recent.authorId(quoted) : 0,
            nowMs);
    recent.remove(about);
  }

  private void other(int about, long nowMs) {
    key = recent.authorId(about);
    int arm = random.nextInt(2) == 0 ? UNDELETE : TAKEDOWN;
    length = writer.writeOther(arm, recent.postId(about), key, nowMs);
  }

  private void malformed(long nowMs) {
    RejectReason fault = FAULTS[random.nextInt(FAULTS.length)];
    fill(nowMs);
    key = 0;
    switch (fault) {
      case NO_DATA -> length = writer.writeWithoutData(nowMs);
      case NO_TWEET -> length = writer.writeCreateWithoutTweet(tweet.userId, nowMs);
      default -> {
        spoil(fault);
        length = writer.writeCreate(tweet);
        if (fault == RejectReason.NOT_THRIFT) {
          length = 1 + random.nextInt(length - 1);
        }
      }
    }
    Objects.requireNonNull(malformed.get(fault)).increment();
  }

  private void spoil(RejectReason fault) {
    switch (fault) {
      case NO_ID -> tweet.postId = 0;
      case BAD_ID -> tweet.postId = -tweet.postId;
      case NO_AUTHOR -> {
        tweet.userId = 0;
        tweet.coreUserId = 0;
      }
      case AUTHOR_MISMATCH -> tweet.coreUserId = tweet.userId + 1;
      case NO_CREATED_AT -> tweet.createdAtSeconds = 0;
      default -> {
        // Spoilt in how it is written, not in what.
      }
    }
  }

  /** By inversion: authors^u, for an even u, is a rank whose share is about 1 / rank. */
  private long anyAuthor() {
    double rank = StrictMath.pow(authors + 1.0, random.nextDouble()) - 1;
    return authorId(Math.min(authors - 1, (int) rank));
  }

  private byte[] text() {
    byte[] text = new byte[20 + random.nextInt(MAX_TEXT_BYTES - 20)];
    for (int i = 0; i < text.length; i++) {
      text[i] = " etaoinshrdlu".getBytes(US_ASCII)[random.nextInt(13)];
    }
    return text;
  }

  private static FirehoseKind[] kindOfThousand() {
    FirehoseKind[] kinds = new FirehoseKind[1000];
    int filled = 0;
    for (FirehoseKind kind : FirehoseKind.values()) {
      for (int i = 0; i < kind.perThousand(); i++) {
        kinds[filled++] = kind;
      }
    }
    return kinds;
  }
}
