package io.thunderhead.store;

import static io.thunderhead.store.Post.original;
import static io.thunderhead.store.Post.reply;
import static io.thunderhead.store.Post.retweet;
import static io.thunderhead.store.Post.video;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What any post store does, rule by rule. The naive model and the real store both run it. */
abstract class PostStoreContract {
  /** A store as the contract sees it. */
  interface Subject {
    CreateOutcome create(Post post, long now);

    DeleteOutcome delete(long id, long author, long deletedAt, long recordTime, long now);

    void trim(long now);

    void clear();

    List<Long> read(ReadQuery query, long now);
  }

  static final long NOW = 1_000_000;
  static final long RETENTION = 1000;
  static final long SKEW = 10;

  abstract Subject subject(StoreConfig config);

  private final Subject store = subject(config(50, 30, 100, 500, 5000));

  static StoreConfig config(int originals, int replies, int videos, int scanned, int kept) {
    return new StoreConfig(RETENTION, SKEW, originals, replies, videos, scanned, kept);
  }

  private void created(Post... posts) {
    for (Post post : posts) {
      assertThat(store.create(post, NOW)).isEqualTo(CreateOutcome.APPLIED);
    }
  }

  private DeleteOutcome deleted(long id) {
    return store.delete(id, 0, NOW, NOW, NOW);
  }

  private List<Long> read(long... follows) {
    return store.read(Query.of(follows), NOW);
  }

  private List<Long> videos(long... follows) {
    return store.read(Query.videos(follows), NOW);
  }

  @Test
  void read_ordersByCreationThenId() {
    created(
        original(1, 1, NOW - 5), original(9, 1, NOW), original(4, 2, NOW), original(2, 1, NOW - 9));
    assertThat(read(1, 2)).containsExactly(9L, 4L, 1L, 2L);
  }

  @Test
  void create_inTheFuture_acceptedUpToTheSkew() {
    assertThat(store.create(original(1, 1, NOW + SKEW), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(store.create(original(2, 1, NOW + SKEW + 1), NOW)).isEqualTo(CreateOutcome.FUTURE);
    assertThat(read(1)).containsExactly(1L);
  }

  @Test
  void create_olderThanRetention_isExpired() {
    assertThat(store.create(original(1, 1, NOW - RETENTION), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(store.create(original(2, 1, NOW - RETENTION - 1), NOW))
        .isEqualTo(CreateOutcome.EXPIRED);
    assertThat(read(1)).containsExactly(1L);
  }

  @Test
  void create_badIds_areInvalid() {
    assertThat(store.create(original(0, 1, NOW), NOW)).isEqualTo(CreateOutcome.INVALID);
    assertThat(store.create(original(-1, 1, NOW), NOW)).isEqualTo(CreateOutcome.INVALID);
    assertThat(store.create(original(1, 0, NOW), NOW)).isEqualTo(CreateOutcome.INVALID);
    assertThat(store.create(original(1, 1, 0), NOW)).isEqualTo(CreateOutcome.INVALID);
    assertThat(store.delete(0, 1, NOW, NOW, NOW)).isEqualTo(DeleteOutcome.INVALID);
  }

  @Test
  void read_afterRetention_servesNothingWithoutTrim() {
    created(original(1, 1, NOW - 10), original(2, 1, NOW));
    assertThat(store.read(Query.of(1), NOW + RETENTION)).containsExactly(2L);
    assertThat(store.read(Query.of(1), NOW + RETENTION + 1)).isEmpty();
    // A reader's clock moves nobody else's.
    assertThat(read(1)).containsExactly(2L, 1L);
  }

  @Test
  void create_duplicate_firstOneWins() {
    created(original(1, 1, NOW - 5));
    assertThat(store.create(retweet(1, 2, NOW, 9, 9), NOW)).isEqualTo(CreateOutcome.DUPLICATE);
    assertThat(read(1, 2)).containsExactly(1L);
    assertThat(read(2)).isEmpty();
  }

  @Test
  void delete_thenCreate_staysDeletedUntilTheTombstoneIsOver() {
    assertThat(deleted(1)).isEqualTo(DeleteOutcome.RECORDED);
    long last = NOW + RETENTION + SKEW;
    assertThat(store.create(original(1, 1, NOW), NOW)).isEqualTo(CreateOutcome.DELETED);
    assertThat(store.create(original(1, 1, last), last)).isEqualTo(CreateOutcome.DELETED);
    assertThat(store.create(original(1, 1, last), last + 1)).isEqualTo(CreateOutcome.APPLIED);
  }

  @Test
  void delete_withoutAuthor_removesByPostId() {
    created(original(1, 1, NOW), original(2, 1, NOW), video(3, 1, NOW));
    assertThat(deleted(1)).isEqualTo(DeleteOutcome.APPLIED);
    assertThat(deleted(3)).isEqualTo(DeleteOutcome.APPLIED);
    assertThat(read(1)).containsExactly(2L);
    assertThat(videos(1)).isEmpty();
    assertThat(store.create(original(1, 1, NOW), NOW)).isEqualTo(CreateOutcome.DELETED);
  }

  @Test
  void delete_again_theLaterTombstoneStands() {
    store.delete(1, 0, NOW - 500, NOW, NOW);
    assertThat(deleted(1)).isEqualTo(DeleteOutcome.DUPLICATE);
    assertThat(store.delete(1, 0, NOW - 700, NOW, NOW)).isEqualTo(DeleteOutcome.DUPLICATE);
    long last = NOW + RETENTION + SKEW;
    store.trim(last);
    assertThat(store.create(original(1, 1, last), last)).isEqualTo(CreateOutcome.DELETED);
  }

  @Test
  void delete_atAbsentOrFutureTime_takesTheRecordTime() {
    store.delete(1, 0, 0, NOW - 100, NOW);
    store.delete(2, 0, NOW + 100, NOW - 100, NOW);
    long last = NOW - 100 + RETENTION + SKEW;
    for (long id = 1; id <= 2; id++) {
      assertThat(store.create(original(id, 1, last), last)).isEqualTo(CreateOutcome.DELETED);
    }
    for (long id = 1; id <= 2; id++) {
      assertThat(store.create(original(id, 1, last), last + 1)).isEqualTo(CreateOutcome.APPLIED);
    }
  }

  @Test
  void delete_longAgo_isExpiredButStillRemoves() {
    assertThat(store.delete(1, 0, NOW - RETENTION - SKEW - 1, NOW, NOW))
        .isEqualTo(DeleteOutcome.EXPIRED);
    created(original(1, 1, NOW));
    assertThat(store.delete(1, 0, 5, NOW, NOW)).isEqualTo(DeleteOutcome.APPLIED);
    assertThat(read(1)).isEmpty();
  }

  @Test
  void read_caps_perAuthorAndListBothLimits() {
    Subject small = subject(config(2, 1, 1, 500, 5000));
    for (long i = 0; i < 4; i++) {
      small.create(video(10 + i, 1, NOW - i), NOW);
      small.create(retweet(20 + i, 1, NOW - i, 999, 9), NOW);
    }
    assertThat(small.read(Query.of(1), NOW)).containsExactly(20L, 10L, 11L);
    assertThat(small.read(Query.videos(1), NOW)).containsExactly(10L);
    ReadQuery less = Query.of(1);
    less.maxOriginals = 1;
    less.maxReplies = 0;
    assertThat(small.read(less, NOW)).containsExactly(10L);
    less.video = true;
    less.maxOriginals = 0;
    assertThat(small.read(less, NOW)).isEmpty();
  }

  @Test
  void read_maxResults_cutsTheOldest() {
    created(original(1, 1, NOW - 3), original(2, 2, NOW - 2), original(3, 3, NOW - 1));
    ReadQuery query = Query.of(1, 2, 3);
    query.maxResults = 2;
    assertThat(store.read(query, NOW)).containsExactly(3L, 2L);
    query.maxResults = 0;
    assertThat(store.read(query, NOW)).isEmpty();
  }

  @Test
  void read_excluded_byItsOwnIdOnly() {
    created(original(1, 1, NOW), retweet(2, 2, NOW, 1, 1));
    assertThat(store.read(Query.excluding(Query.of(1, 2), 1, 1), NOW)).containsExactly(2L);
  }

  @Test
  void read_scanLimit_countsLiveEntriesThatAreNotExcluded() {
    Subject small = subject(config(50, 30, 100, 2, 5000));
    small.create(original(1, 9, NOW - 9), NOW);
    // Newest first: two replies to nothing known, one to a post that is there.
    small.create(reply(5, 1, NOW - 1, 100, 9, 100), NOW);
    small.create(reply(4, 1, NOW - 2, 101, 9, 101), NOW);
    small.create(reply(3, 1, NOW - 3, 1, 9, 1), NOW);
    assertThat(small.read(Query.of(1), NOW)).isEmpty();
    assertThat(small.read(Query.excluding(Query.of(1), 5), NOW)).containsExactly(3L);
    small.delete(4, 0, NOW, NOW, NOW);
    assertThat(small.read(Query.of(1), NOW)).containsExactly(3L);
  }

  @Test
  void read_duplicateFollows_countOnce() {
    created(original(1, 1, NOW));
    assertThat(read(1, 1, 1)).containsExactly(1L);
  }

  @Test
  void keptLimit_theOldestLeaves_whateverTheOrderOfArrival() {
    Subject small = subject(config(50, 30, 100, 500, 2));
    assertThat(small.create(original(3, 1, NOW - 3), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(small.create(original(1, 1, NOW - 1), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(small.create(original(2, 1, NOW - 2), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(small.create(original(4, 1, NOW - 4), NOW)).isEqualTo(CreateOutcome.EVICTED);
    assertThat(small.read(Query.of(1), NOW)).containsExactly(1L, 2L);
    // The one pushed out is unknown: not a parent, and free to come again when there is room.
    small.create(reply(9, 2, NOW, 3, 1, 3), NOW);
    assertThat(small.read(Query.of(2), NOW)).isEmpty();
    small.delete(1, 0, NOW, NOW, NOW);
    assertThat(small.create(original(3, 1, NOW - 3), NOW)).isEqualTo(CreateOutcome.APPLIED);
    assertThat(small.read(Query.of(1, 2), NOW)).containsExactly(9L, 2L, 3L);
  }

  @Test
  void keptLimit_postStaysWhileItIsInAnyList() {
    Subject small = subject(config(50, 30, 100, 500, 2));
    small.create(video(1, 1, NOW - 9), NOW);
    small.create(original(2, 1, NOW - 8), NOW);
    small.create(original(3, 1, NOW - 7), NOW);
    // Out of the originals, but still a video, held, and somebody's parent.
    assertThat(small.read(Query.of(1), NOW)).containsExactly(3L, 2L);
    assertThat(small.read(Query.videos(1), NOW)).containsExactly(1L);
    small.create(reply(4, 2, NOW, 1, 1, 1), NOW);
    assertThat(small.read(Query.of(2), NOW)).containsExactly(4L);
    assertThat(small.create(video(1, 1, NOW - 9), NOW)).isEqualTo(CreateOutcome.DUPLICATE);
    assertThat(small.delete(1, 0, NOW, NOW, NOW)).isEqualTo(DeleteOutcome.APPLIED);
    assertThat(small.read(Query.videos(1), NOW)).isEmpty();
    assertThat(small.read(Query.of(2), NOW)).isEmpty();
  }

  @Test
  void keptLimit_videoListOverflow_leavesTheOtherListsAlone() {
    Subject small = subject(config(50, 30, 100, 500, 2));
    small.create(video(1, 1, NOW - 9), NOW);
    small.create(new Post(2, 1, NOW - 8, 0, 0, 99, 9, 2, false, true, true), NOW);
    small.create(new Post(3, 1, NOW - 7, 0, 0, 98, 9, 3, false, true, true), NOW);
    assertThat(small.read(Query.of(1), NOW)).containsExactly(3L, 2L, 1L);
    assertThat(small.read(Query.videos(1), NOW)).containsExactly(3L, 2L);
  }

  @Test
  void replies_sevenPostScenario() {
    // 1 original, 2 depth one to it, 3 to a followed user and 4 to a stranger at depth two, 5 depth
    // three, 6 retweet of the requester.
    created(
        original(1, 50, NOW - 10),
        reply(2, 60, NOW - 9, 1, 50, 1),
        reply(3, 10, NOW - 8, 2, 20, 1),
        reply(4, 10, NOW - 7, 2, 60, 1),
        reply(5, 20, NOW - 6, 3, 10, 1),
        retweet(6, 20, NOW - 5, 77, 7),
        reply(7, 20, NOW - 4, 1, 50, 1));
    ReadQuery query = Query.of(10, 20);
    query.requesterId = 7;
    assertThat(store.read(query, NOW)).containsExactly(7L, 3L);
    query.requesterId = 0;
    assertThat(store.read(query, NOW)).containsExactly(7L, 6L, 3L);
  }

  @Test
  void replies_anyOfTheThreeMarksMakesOne() {
    created(
        original(1, 9, NOW - 9),
        new Post(2, 1, NOW - 3, 1, 0, 0, 0, 0, false, false, true),
        new Post(3, 1, NOW - 2, 0, 9, 0, 0, 0, false, false, true),
        new Post(4, 1, NOW - 1, 0, 0, 0, 0, 0, true, false, true));
    ReadQuery query = Query.of(1);
    query.maxReplies = 0;
    assertThat(store.read(query, NOW)).isEmpty();
    assertThat(read(1)).containsExactly(4L, 3L, 2L);
    assertThat(videos(1)).isEmpty();
  }

  @Test
  void replies_parentJudgedLive() {
    created(reply(2, 1, NOW, 5, 9, 5));
    assertThat(read(1)).isEmpty();
    created(original(5, 9, NOW - 900));
    assertThat(read(1)).containsExactly(2L);
    assertThat(store.read(Query.of(1), NOW + 101)).isEmpty();
    deleted(5);
    assertThat(read(1)).isEmpty();
  }

  @Test
  void replies_toRetweet_areNotServed() {
    created(retweet(5, 9, NOW - 9, 4, 4), reply(6, 1, NOW, 5, 9, 5), reply(7, 1, NOW, 5, 9, 0));
    assertThat(read(1, 9)).containsExactly(5L);
  }

  @Test
  void retweets_ofADeletedSource_areNotServedWhileItsTombstoneStands() {
    created(original(1, 9, NOW - 9), retweet(2, 1, NOW, 1, 9), retweet(3, 1, NOW, 77, 9));
    assertThat(read(1)).containsExactly(3L, 2L);
    deleted(1);
    deleted(77);
    assertThat(read(1)).isEmpty();
  }

  @Test
  void retweets_ofAnExpiredOrForgottenSource_areServed() {
    created(original(1, 9, NOW - RETENTION), retweet(2, 1, NOW, 1, 9));
    assertThat(store.read(Query.of(1), NOW + 1)).containsExactly(2L);
    store.delete(5, 0, NOW - 500, NOW, NOW);
    store.create(retweet(3, 1, NOW, 5, 9), NOW);
    assertThat(read(1)).containsExactly(2L);
    assertThat(store.read(Query.of(1), NOW - 500 + RETENTION + SKEW)).containsExactly(2L);
    assertThat(store.read(Query.of(1), NOW - 500 + RETENTION + SKEW + 1)).containsExactly(3L, 2L);
  }

  @Test
  void videos_ownAndRetweetsWhateverTheOrder_repliesNever() {
    created(
        retweet(1, 1, NOW - 1, 5, 9),
        video(5, 9, NOW - 9),
        retweet(2, 1, NOW - 2, 5, 9),
        video(3, 1, NOW - 3),
        original(4, 1, NOW - 4),
        new Post(6, 1, NOW - 5, 5, 9, 0, 0, 5, true, false, true),
        new Post(7, 9, NOW - 6, 5, 9, 0, 0, 5, true, false, true),
        retweet(8, 1, NOW - 3, 7, 9),
        retweet(10, 1, NOW - 3, 4, 1));
    assertThat(videos(1)).containsExactly(1L, 2L, 3L);
    assertThat(videos(1, 9)).containsExactly(1L, 2L, 3L, 5L);
    deleted(5);
    assertThat(videos(1, 9)).containsExactly(3L);
  }

  @Test
  void videos_selfRetweetRuleHoldsThereToo() {
    created(video(5, 7, NOW - 9), retweet(1, 1, NOW, 5, 7));
    ReadQuery query = Query.videos(1);
    query.requesterId = 7;
    assertThat(store.read(query, NOW)).isEmpty();
  }

  @Test
  void clear_forgetsTombstonesToo() {
    created(original(1, 1, NOW));
    deleted(1);
    store.clear();
    created(original(1, 1, NOW));
    assertThat(read(1)).containsExactly(1L);
  }
}
