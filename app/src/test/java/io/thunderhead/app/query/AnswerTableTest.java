package io.thunderhead.app.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Completeness;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.LightPost;
import org.junit.jupiter.api.Test;

final class AnswerTableTest {
  private static final long NOW_MS = 2_000_000_000_000L;

  private final GetInNetworkPostsResponse.Builder answer =
      GetInNetworkPostsResponse.newBuilder()
          .addPosts(
              LightPost.newBuilder().setPostId(300).setAuthorId(7).setCreatedAt(1_999_999_997))
          .addPosts(
              LightPost.newBuilder()
                  .setPostId(200)
                  .setAuthorId(8)
                  .setCreatedAt(1_999_990_000)
                  .setIsReply(true)
                  .setInReplyToPostId(100)
                  .setInReplyToUserId(7)
                  .setHasVideo(true))
          .setCompleteness(
              Completeness.newBuilder()
                  .setComplete(true)
                  .setAuthorsRequested(2)
                  .setAuthorsSearched(2)
                  .setAsOfMs(NOW_MS - 250));

  @Test
  void lines_ofACompleteAnswer_showPostsAndCoverage() {
    assertThat(AnswerTable.lines(answer.build(), NOW_MS, 10))
        .containsExactly(
            "post  author       age  what",
            " 300       7     3.0 s  post",
            " 200       8       2 h  reply to 100 by 7, video",
            "2 posts from 2 of 2 authors: complete, as of 0.3 s ago");
  }

  @Test
  void lines_ofAnIncompleteAnswer_sayWhy() {
    answer.getCompletenessBuilder().setComplete(false).setAuthorsSearched(1);
    answer.getCompletenessBuilder().addCutReasons("deadline").addCutReasons("stale");
    assertThat(AnswerTable.lines(answer.build(), NOW_MS, 1).getLast())
        .startsWith("2 posts from 1 of 2 authors: INCOMPLETE (deadline, stale)");
  }

  @Test
  void lines_beyondTheMost_areCounted() {
    assertThat(AnswerTable.lines(answer.build(), NOW_MS, 1)).contains("… and 1 more");
  }

  @Test
  void age_isInTheUnitThatFits() {
    assertThat(AnswerTable.age(40)).isEqualTo("0.0 s");
    assertThat(AnswerTable.age(59_000)).isEqualTo("59 s");
    assertThat(AnswerTable.age(180_000)).isEqualTo("3 min");
    assertThat(AnswerTable.age(7 * 86_400_000L)).isEqualTo("7 d");
    assertThat(AnswerTable.age(-1_500)).isEqualTo("-1.5 s");
  }
}
