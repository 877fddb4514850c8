package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;

class TwitterV11ParserTest extends ParserTest {
  private static final String USER =
      "\"user\":{\"id\":77,\"id_str\":\"77\",\"followers_count\":5,\"friends_count\":6}";
  private static final String TIME = "\"created_at\":\"Tue Sep 09 01:02:03 +0000 2014\"";

  TwitterV11ParserTest() {
    super(RecordFormat.TWITTER_V11);
  }

  @Test
  void status_isAPost_withTheIdOfItsText() {
    Activity post =
        accepted(
            """
            {%s,"id":600000000000000400,"id_str":"600000000000000385","text":"short…",%s,
             "in_reply_to_status_id":null,"in_reply_to_user_id":null,"lang":"en",
             "extended_tweet":{"full_text":"the whole text"},
             "entities":{"urls":[{"url":"http://t.example/1","expanded_url":"http://a.example"}]}}
            """
                .formatted(TIME, USER));
    assertThat(post.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(post.getPostId()).isEqualTo(600_000_000_000_000_385L);
    assertThat(post.getNativeId()).isEqualTo("600000000000000385");
    assertThat(post.getAuthorId()).isEqualTo(77);
    assertThat(post.getCreatedAt()).isEqualTo(1_410_224_523);
    assertThat(post.getText()).isEqualTo("the whole text");
    assertThat(post.getLanguage()).isEqualTo("en");
    assertThat(post.getFollowers()).isEqualTo(5);
    assertThat(post.getFollowing()).isEqualTo(6);
    assertThat(post.hasInReplyTo()).isFalse();
    assertThat(post.hasShareOf()).isFalse();
  }

  @Test
  void reply_namesPostAndUser_orOnlyTheUser() {
    Activity reply =
        accepted(
            """
            {%s,"id_str":"12",%s,"in_reply_to_status_id_str":"11","in_reply_to_user_id_str":"9",
             "text":"","lang":"und"}
            """
                .formatted(TIME, USER));
    assertThat(reply.getInReplyTo().getPostId()).isEqualTo(11);
    assertThat(reply.getInReplyTo().getAuthorId()).isEqualTo(9);
    assertThat(reply.getLanguage()).isEmpty();
    Activity mention =
        accepted("{%s,\"id\":12,%s,\"in_reply_to_user_id\":9}".formatted(TIME, USER));
    assertThat(mention.getInReplyTo().getPostId()).isZero();
    assertThat(mention.getInReplyTo().getAuthorId()).isEqualTo(9);
  }

  @Test
  void retweet_isAShareOfTheOriginal_andAQuoteAPost() {
    Activity retweet =
        accepted(
            "{%s,\"id_str\":\"12\",%s,\"retweeted_status\":{\"id_str\":\"5\",%s}}"
                .formatted(TIME, USER, USER));
    assertThat(retweet.getVerb()).isEqualTo(Verb.VERB_SHARE);
    assertThat(retweet.getShareOf().getPostId()).isEqualTo(5);
    assertThat(retweet.getShareOf().getAuthorId()).isEqualTo(77);
    Activity quote =
        accepted(
            "{%s,\"id_str\":\"12\",%s,\"quoted_status\":{\"id_str\":\"5\",%s}}"
                .formatted(TIME, USER, USER));
    assertThat(quote.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(quote.hasShareOf()).isFalse();
  }

  @Test
  void media_comesFromTheExtendedEntities() {
    Activity video =
        accepted(
            """
            {%s,"id_str":"12",%s,"entities":{"media":[{"type":"photo"}]},
             "extended_entities":{"media":[{"type":"video","video_info":{"duration_millis":6500}}]}}
            """
                .formatted(TIME, USER));
    assertThat(video.getMediaList())
        .containsExactly(
            Media.newBuilder().setType(Media.Type.TYPE_VIDEO).setDurationMs(6500).build());
    Activity photo =
        accepted(
            "{%s,\"id_str\":\"12\",%s,\"entities\":{\"media\":[{\"type\":\"photo\"}]}}"
                .formatted(TIME, USER));
    assertThat(photo.getMedia(0).getType()).isEqualTo(Media.Type.TYPE_PHOTO);
    assertThat(photo.getMedia(0).hasDurationMs()).isFalse();
  }

  @Test
  void deleteNotice_isADelete_withOrWithoutATime() {
    Activity delete =
        accepted(
            """
            {"delete":{"status":{"id_str":"12","user_id_str":"77"},"timestamp_ms":"1410224523123"}}
            """);
    assertThat(delete.getVerb()).isEqualTo(Verb.VERB_DELETE);
    assertThat(delete.getPostId()).isEqualTo(12);
    assertThat(delete.getAuthorId()).isEqualTo(77);
    assertThat(delete.getCreatedAt()).isEqualTo(1_410_224_523);
    assertThat(accepted("{\"delete\":{\"status\":{\"id\":12}}}").getCreatedAt()).isZero();
  }

  @Test
  void controlMessages_areFiltered() {
    assertFiltered(FilterReason.CONTROL_MESSAGE, "{\"limit\":{\"track\":1234}}");
    assertFiltered(FilterReason.CONTROL_MESSAGE, "{\"warning\":{\"code\":\"FALLING_BEHIND\"}}");
  }

  @Test
  void status_withoutWhatItNeeds_isMalformedForIt() {
    assertMalformed(RecordFault.NO_ID, "{%s,%s}".formatted(TIME, USER));
    assertMalformed(RecordFault.BAD_ID, "{%s,%s,\"id\":-5}".formatted(TIME, USER));
    assertMalformed(RecordFault.BAD_ID, "{%s,%s,\"id_str\":\"abc\"}".formatted(TIME, USER));
    assertMalformed(RecordFault.NO_AUTHOR, "{%s,\"id\":5}".formatted(TIME));
    assertMalformed(RecordFault.NO_CREATED_AT, "{\"id\":5,%s}".formatted(USER));
    assertMalformed(
        RecordFault.NO_CREATED_AT, "{\"id\":5,\"created_at\":\"yesterday\",%s}".formatted(USER));
    assertMalformed(RecordFault.NO_ID, "{\"delete\":{}}");
    assertMalformed(RecordFault.NO_ID, "{}");
  }

  @Test
  void garbage_isNotJson() {
    assertMalformed(RecordFault.NOT_JSON, "");
    assertMalformed(RecordFault.NOT_JSON, "[1]");
    assertMalformed(RecordFault.NOT_JSON, "null");
    assertMalformed(RecordFault.NOT_JSON, "{\"id\":");
    assertMalformed(RecordFault.NOT_JSON, "{} {}");
    assertMalformed(RecordFault.NOT_JSON, "{\"a\":" + "[".repeat(100_000));
  }
}
