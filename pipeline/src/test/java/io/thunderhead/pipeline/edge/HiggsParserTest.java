package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiggsParserTest extends ParserTest {
  HiggsParserTest() {
    super(RecordFormat.HIGGS);
  }

  @Test
  void retweet_isAShareOfAPostOfWhichOnlyTheAuthorIsKnown() {
    Activity activity = accepted("11 22 1340000000 RT");
    assertThat(activity.getVerb()).isEqualTo(Verb.VERB_SHARE);
    assertThat(activity.getPublisher()).isEqualTo("higgs");
    assertThat(activity.getAuthorId()).isEqualTo(11);
    assertThat(activity.getCreatedAt()).isEqualTo(1_340_000_000);
    assertThat(activity.getNativeId()).isEqualTo("higgs:11:22:1340000000:RT");
    assertThat(activity.getPostId()).isEqualTo(NativeIds.toLong(activity.getNativeId()));
    assertThat(activity.getShareOf().getAuthorId()).isEqualTo(22);
    assertThat(activity.getShareOf().getPostId()).isZero();
    assertThat(activity.getOriginal().toStringUtf8()).isEqualTo("11 22 1340000000 RT");
  }

  @Test
  void reply_namesOnlyTheUser_andAMentionNobody() {
    Activity reply = accepted("11 22 1340000000 RE");
    assertThat(reply.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(reply.getInReplyTo().getAuthorId()).isEqualTo(22);
    Activity mention = accepted("11 22 1340000000 MT");
    assertThat(mention.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(mention.hasInReplyTo()).isFalse();
    assertThat(mention.getPostId()).isNotEqualTo(reply.getPostId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "11 22 1340000000",
        "11 22 1340000000 XX",
        "0 22 1340000000 RT",
        "-1 22 1340000000 RT",
        "11 22 x RT",
        "11  22 1340000000 RT",
        "11 22 1340000000 RT more",
        "99999999999999999999999999999999999999999999999999999999 1 1340000000 RT"
      })
  void anythingElse_isNoRow(String row) {
    assertMalformed(RecordFault.NOT_A_ROW, row);
  }

  @Test
  void row_atTheEpoch_hasNoTime() {
    assertMalformed(RecordFault.NO_CREATED_AT, "11 22 0 RT");
  }
}
