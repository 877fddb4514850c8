package io.thunderhead.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.benchmarks.workload.AnswerChecksum;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.ReadQuery;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The port keeps Thunder's rules, those among them that we find wrong. */
final class ThunderStoreTest {
  private static final long NOW = 1_000_000;
  private static final long AUTHOR = 7;

  private ThunderStore store = new ThunderStore(ThunderLimits.WORKLOAD);

  @BeforeEach
  void create() {
    store = new ThunderStore(new ThunderLimits(1000, 20, 10, 20, 3, 5));
  }

  @Test
  void insert_dropsThisSecondAndTheExpired() {
    insert(post(1, NOW), post(2, NOW - 1001), post(3, NOW - 1));
    assertThat(read()).containsExactly(3L);
  }

  @Test
  void read_isNewestFirst_tiesByHigherId() {
    insert(post(1, NOW - 5), post(3, NOW - 9), post(2, NOW - 5));
    assertThat(read()).containsExactly(2L, 1L, 3L);
  }

  @Test
  void deadEntries_useTheScanBudget_excludedOnesDoNot() {
    insert(post(1, NOW - 9), post(2, NOW - 8), post(3, NOW - 7), post(4, NOW - 6));
    store.delete(4, NOW);
    assertThat(read()).containsExactly(3L, 2L);
    assertThat(read(4)).containsExactly(3L, 2L, 1L);
  }

  @Test
  void fullList_pushesOutTheRecord() {
    for (int i = 1; i <= 6; i++) {
      insert(post(i, NOW - 10 + i));
    }
    assertThat(store.post(1)).isNull();
    assertThat(store.size()).isEqualTo(5);
  }

  @Test
  void reply_needsItsParent_andDeepOnesAFollowedUser() {
    store = new ThunderStore(ThunderLimits.WORKLOAD);
    PostFields parent = post(1, NOW - 9);
    parent.authorId = 99;
    PostFields reply = reply(2, 1, 99, 1);
    PostFields deepToFollowed = reply(3, 2, AUTHOR, 1);
    PostFields deeper = reply(4, 3, AUTHOR, 1);
    PostFields orphan = reply(5, 1000, 99, 1000);
    insert(parent, reply, deepToFollowed, deeper, orphan);
    assertThat(read()).containsExactlyInAnyOrder(2L, 3L);
  }

  @Test
  void retweet_ofTheRequester_isNotServed_ofADeletedPostIs() {
    PostFields own = post(2, NOW - 4);
    own.isRetweet = true;
    own.sourcePostId = 1;
    own.sourceUserId = 55;
    PostFields other = post(3, NOW - 3);
    other.isRetweet = true;
    other.sourcePostId = 1;
    other.sourceUserId = 56;
    insert(own, other);
    store.delete(1, NOW);
    assertThat(read()).containsExactly(3L);
  }

  @Test
  void workload_givesTheChecksumsOfThisSize() {
    Workload workload = new Workload(50_000, 20_000);
    ThunderStore full = new ThunderStore(ThunderLimits.WORKLOAD);
    PostStream stream = workload.stream();
    PostFields[] one = {new PostFields()};
    while (stream.made() < workload.posts()) {
      stream.next(one[0]);
      full.insert(one, 1, stream.now() + 1);
    }
    for (long id : workload.deletes(stream)) {
      full.delete(id, stream.now());
    }
    AnswerChecksum sum = new AnswerChecksum();
    byte[] buffer = new byte[1 << 16];
    for (ReadQuery query : workload.queries(stream, 100, 1000, 400)) {
      List<CompactPost> answer = full.read(query);
      sum.begin();
      answer.forEach(post -> sum.id(post.postId()));
      sum.end(buffer, ThunderStore.encode(answer, buffer));
    }
    assertThat(sum.ids()).isEqualTo("b02db1ad1e41aca1");
    assertThat(sum.bytes()).isEqualTo("ad2712b2e25d2c2e");
  }

  private void insert(PostFields... posts) {
    store.insert(posts, posts.length, NOW);
  }

  private List<Long> read(long... excludes) {
    ReadQuery query = new ReadQuery();
    query.requesterId = 55;
    query.follows = new long[] {AUTHOR};
    query.followCount = 1;
    query.excludes = excludes;
    query.excludeCount = excludes.length;
    query.maxResults = 100;
    return store.read(query).stream().map(CompactPost::postId).toList();
  }

  private static PostFields post(long id, long createdAt) {
    PostFields post = new PostFields();
    post.postId = id;
    post.authorId = AUTHOR;
    post.createdAt = createdAt;
    post.conversationId = id;
    return post;
  }

  private static PostFields reply(long id, long to, long user, long conversation) {
    PostFields post = post(id, NOW - 5);
    post.isReply = true;
    post.inReplyToPostId = to;
    post.inReplyToUserId = user;
    post.conversationId = conversation;
    return post;
  }
}
