package io.thunderhead.app.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.thrift.TweetEventReader;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SyntheticFirehoseTest {
  private static final long NOW_MS = 1_790_000_000_000L;
  private static final int EVENTS = 200_000;

  @Test
  void sameSeed_givesTheSameBytes_andAnotherOthers() {
    assertThat(checksum(1, 1000)).isEqualTo(checksum(1, 1000));
    assertThat(checksum(2, 1000)).isNotEqualTo(checksum(1, 1000));
    assertThat(checksum(1, 999)).isNotEqualTo(checksum(1, 1000));
  }

  @Test
  void everyEvent_isWhatItsKindSays() {
    SyntheticFirehose firehose = new SyntheticFirehose(3, 10_000);
    TweetEventReader reader = new TweetEventReader();
    Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    Map<Long, Long> authorOfPost = new HashMap<>();
    Set<Long> roots = new HashSet<>();
    long lastPostId = 0;
    for (int i = 0; i < EVENTS; i++) {
      long nowMs = NOW_MS + i / 20;
      firehose.next(nowMs);
      try {
        reader.read(firehose.buffer(), 0, firehose.length());
      } catch (MalformedEventException e) {
        assertThat(firehose.kind()).isEqualTo(FirehoseKind.MALFORMED);
        assertThat(firehose.key()).isZero();
        rejected.merge(e.reason(), 1L, Long::sum);
        continue;
      }
      TweetEventReader.Kind kind =
          switch (firehose.kind()) {
            case DELETE -> TweetEventReader.Kind.DELETE;
            case QUOTED_DELETE -> TweetEventReader.Kind.QUOTED_DELETE;
            case OTHER -> TweetEventReader.Kind.OTHER;
            case MALFORMED -> throw new AssertionError("a malformed event was read");
            default -> TweetEventReader.Kind.CREATE;
          };
      assertThat(reader.kind()).isEqualTo(kind);
      assertThat(reader.timestampMs()).isEqualTo(nowMs);
      switch (kind) {
        case CREATE -> {
          assertThat(reader.postId()).isGreaterThan(lastPostId);
          lastPostId = reader.postId();
          assertThat(reader.authorId()).isEqualTo(firehose.key());
          assertThat(reader.createdAtSeconds()).isEqualTo(nowMs / 1000);
          assertCreate(firehose.kind(), reader, authorOfPost, roots);
          authorOfPost.put(reader.postId(), reader.authorId());
        }
        case DELETE, QUOTED_DELETE ->
            assertThat(authorOfPost.remove(reader.postId())).isEqualTo(firehose.key());
        case OTHER -> assertThat(firehose.key()).isPositive();
      }
    }
    FirehoseCounts counts = firehose.counts();
    assertThat(counts.generated()).isEqualTo(EVENTS);
    assertThat(counts.malformed()).isEqualTo(rejected).hasSize(8);
    assertThat(counts.written() + counts.nullcast() + counts.other() + counts.malformedTotal())
        .isEqualTo(EVENTS);
  }

  private static void assertCreate(
      FirehoseKind kind, TweetEventReader post, Map<Long, Long> authorOfPost, Set<Long> roots) {
    assertThat(post.nullcast()).isEqualTo(kind == FirehoseKind.NULLCAST);
    assertThat(post.video()).isEqualTo(kind == FirehoseKind.VIDEO);
    assertThat(post.hasShare()).isEqualTo(kind == FirehoseKind.RETWEET);
    assertThat(post.hasReply())
        .isEqualTo(kind == FirehoseKind.REPLY || kind == FirehoseKind.MENTION);
    switch (kind) {
      case REPLY -> {
        assertThat(authorOfPost).containsEntry(post.inReplyToPostId(), post.inReplyToUserId());
        assertThat(roots.contains(post.conversationId())).isTrue();
      }
      case MENTION -> {
        assertThat(post.inReplyToPostId()).isZero();
        assertThat(post.inReplyToUserId()).isPositive();
        roots.add(post.conversationId());
      }
      case RETWEET ->
          assertThat(authorOfPost).containsEntry(post.sourcePostId(), post.sourceUserId());
      default -> {
        assertThat(post.conversationId()).isEqualTo(post.postId());
        roots.add(post.conversationId());
      }
    }
  }

  @Test
  void mix_isTheDocumentedOne() {
    SyntheticFirehose firehose = run(new SyntheticFirehose(4, 1000));
    int sum = 0;
    for (FirehoseKind kind : FirehoseKind.values()) {
      sum += kind.perThousand();
      assertThat(firehose.made(kind) * 1000.0 / EVENTS)
          .as("%s", kind)
          .isCloseTo(kind.perThousand(), within(1 + kind.perThousand() * 0.05));
    }
    assertThat(sum).isEqualTo(1000);
  }

  @Test
  void authors_haveAShareThatFallsWithTheirRank() {
    SyntheticFirehose firehose = new SyntheticFirehose(5, 1000);
    Map<Long, Integer> posts = new HashMap<>();
    for (int i = 0; i < EVENTS; i++) {
      firehose.next(NOW_MS);
      posts.merge(firehose.key(), 1, Integer::sum);
    }
    posts.remove(0L);
    assertThat(posts).hasSizeGreaterThan(990);
    assertThat(posts.keySet())
        .allMatch(id -> id >= firehose.authorId(0) && id <= firehose.authorId(999));
    int first = posts.getOrDefault(firehose.authorId(0), 0);
    int tenth = posts.getOrDefault(firehose.authorId(9), 0);
    int hundredth = posts.getOrDefault(firehose.authorId(99), 0);
    assertThat((double) first / tenth).isBetween(5.0, 10.0);
    assertThat((double) tenth / hundredth).isBetween(7.0, 14.0);
  }

  @Test
  void postIds_riseAlsoOnAClockThatStands_orStepsBack() {
    PostIds ids = new PostIds(6);
    long last = 0;
    for (int i = 0; i < 20_000; i++) {
      long id = ids.next(i < 10_000 ? NOW_MS : i < 15_000 ? NOW_MS - 1000 : 5);
      assertThat(id).isGreaterThan(last);
      last = id;
    }
    assertThat(new PostIds(6).next(0)).isPositive();
    assertThat((ids.next(NOW_MS + 60_000) >> 22) + 1_288_834_974_657L).isEqualTo(NOW_MS + 60_000);
  }

  @Test
  void oneAuthor_isEnough() {
    SyntheticFirehose firehose = run(new SyntheticFirehose(7, 1));
    assertThat(firehose.counts().generated()).isEqualTo(EVENTS);
    assertThatThrownBy(() -> firehose.authorId(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SyntheticFirehose(7, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("authors");
  }

  private static SyntheticFirehose run(SyntheticFirehose firehose) {
    for (int i = 0; i < EVENTS; i++) {
      firehose.next(NOW_MS + i);
    }
    return firehose;
  }

  private static long checksum(long seed, int authors) {
    SyntheticFirehose firehose = new SyntheticFirehose(seed, authors);
    CRC32C crc = new CRC32C();
    for (int i = 0; i < 20_000; i++) {
      firehose.next(NOW_MS + i);
      crc.update(Arrays.copyOf(firehose.buffer(), firehose.length()));
    }
    return crc.getValue();
  }
}
