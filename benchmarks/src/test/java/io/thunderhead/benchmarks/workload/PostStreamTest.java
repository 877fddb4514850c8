package io.thunderhead.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.ReadQuery;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The workload is what docs/benchmarks/workload.md says, whichever way it is made. */
final class PostStreamTest {
  private static final Workload WORKLOAD = new Workload(50_000, 20_000);

  @Test
  void mix_isSplitMix64() {
    // The first numbers of the reference implementation for seed 1234567.
    SplitMix random = new SplitMix(1234567);
    assertThat(random.next()).isEqualTo(6457827717110365317L);
    assertThat(random.next()).isEqualTo(3203168211198807973L);
  }

  @Test
  void encoding_isWhatTheGeneratedClassesRead() throws Exception {
    PostStream stream = WORKLOAD.stream();
    PostFields post = new PostFields();
    for (int i = 0; i < 2000; i++) {
      stream.next(post);
      byte[] encoded = Arrays.copyOf(post.encoded, post.encodedLength);
      GetInNetworkPostsResponse answer = GetInNetworkPostsResponse.parseFrom(encoded);
      LightPost read = answer.getPosts(0);
      assertThat(read.getPostId()).isEqualTo(post.postId);
      assertThat(read.getAuthorId()).isEqualTo(post.authorId);
      assertThat(read.getInReplyToPostId()).isEqualTo(post.inReplyToPostId);
      assertThat(read.getSourceUserId()).isEqualTo(post.sourceUserId);
      assertThat(read.getHasVideo()).isEqualTo(post.hasVideo);
      assertThat(answer.toByteArray()).isEqualTo(encoded);
    }
  }

  @Test
  void posts_areOfTheKindsAndOrderDescribed() {
    PostStream stream = WORKLOAD.stream();
    PostFields post = new PostFields();
    Map<Long, Long> rootOf = new HashMap<>();
    int replies = 0;
    int retweets = 0;
    int videos = 0;
    long last = 0;
    for (int i = 0; i < WORKLOAD.posts(); i++) {
      stream.next(post);
      assertThat(post.createdAt).isGreaterThanOrEqualTo(last);
      last = post.createdAt;
      rootOf.put(post.postId, post.conversationId);
      if (post.isReply) {
        replies++;
        assertThat(post.conversationId).isEqualTo(rootOf.get(post.inReplyToPostId));
      } else {
        assertThat(post.conversationId).isEqualTo(post.postId);
      }
      retweets += post.isRetweet ? 1 : 0;
      videos += post.hasVideo ? 1 : 0;
    }
    assertThat(rootOf).hasSize(WORKLOAD.posts());
    assertThat(stream.now()).isEqualTo(last);
    assertThat(replies / 50_000.0).isBetween(0.34, 0.36);
    assertThat(retweets / 50_000.0).isBetween(0.24, 0.26);
    assertThat(videos / 50_000.0).isBetween(0.045, 0.051);
  }

  @Test
  void queries_haveDistinctFollows_andAreTheSameEachTime() {
    PostStream stream = WORKLOAD.stream();
    PostFields post = new PostFields();
    for (int i = 0; i < 1000; i++) {
      stream.next(post);
    }
    ReadQuery first = WORKLOAD.queries(stream, 2, 200, 400)[1];
    ReadQuery again = WORKLOAD.queries(stream, 2, 200, 400)[1];
    assertThat(Arrays.stream(first.follows).distinct()).hasSize(200);
    assertThat(first.follows).isEqualTo(again.follows);
    assertThat(first.excludes).isEqualTo(again.excludes).hasSize(500);
    assertThat(first.requesterId).isEqualTo(again.requesterId).isPositive();
  }
}
