package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;

class JetstreamParserTest extends ParserTest {
  private static final String FRAME =
      """
      {"did":"did:plc:me","time_us":1780000000500000,"kind":"commit","commit":{"rev":"3",
       "operation":"%s","collection":"%s","rkey":"3k"%s}}
      """;

  JetstreamParserTest() {
    super(RecordFormat.JETSTREAM);
  }

  @Test
  void post_hasItsUriAsNativeId_andItsThread() {
    Activity post =
        accepted(
            FRAME.formatted(
                "create",
                "app.bsky.feed.post",
                """
                ,"record":{"createdAt":"2026-05-28T20:26:39.500Z","langs":["en-US","de"],
                 "text":"hi","reply":{"parent":{"uri":"at://did:plc:you/app.bsky.feed.post/2"},
                 "root":{"uri":"at://did:plc:them/app.bsky.feed.post/1"}},
                 "facets":[{"features":[{"$type":"app.bsky.richtext.facet#link",
                  "uri":"http://a.example"},{"$type":"app.bsky.richtext.facet#tag"}]}],
                 "embed":{"$type":"app.bsky.embed.external","external":{"uri":"http://a.example"}}}
                """));
    assertThat(post.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(post.getNativeId()).isEqualTo("at://did:plc:me/app.bsky.feed.post/3k");
    assertThat(post.getNativeAuthorId()).isEqualTo("did:plc:me");
    assertThat(post.getAuthorId()).isEqualTo(NativeIds.toLong("did:plc:me"));
    assertThat(post.getCreatedAt()).isEqualTo(1_779_999_999);
    assertThat(post.getInReplyTo().getPostId())
        .isEqualTo(NativeIds.toLong("at://did:plc:you/app.bsky.feed.post/2"));
    assertThat(post.getInReplyTo().getNativeAuthorId()).isEqualTo("did:plc:you");
    assertThat(post.getConversation().getPostId())
        .isEqualTo(NativeIds.toLong("at://did:plc:them/app.bsky.feed.post/1"));
    assertThat(post.getLanguage()).isEqualTo("en-US");
    assertThat(post.getUrlsList()).containsExactly("http://a.example");
  }

  @Test
  void createdAt_laterThanTheFrame_orUnreadable_isTheFrames() {
    for (String time : new String[] {"2030-01-01T00:00:00Z", "soon", ""}) {
      Activity post =
          accepted(
              FRAME.formatted(
                  "create", "app.bsky.feed.post", ",\"record\":{\"createdAt\":\"" + time + "\"}"));
      assertThat(post.getCreatedAt()).isEqualTo(1_780_000_000);
    }
  }

  @Test
  void repost_isAShareOfItsSubject() {
    Activity share =
        accepted(
            FRAME.formatted(
                "create",
                "app.bsky.feed.repost",
                """
                ,"record":{"createdAt":"2026-05-28T20:26:39.500Z",
                 "subject":{"cid":"b","uri":"at://did:plc:you/app.bsky.feed.post/2"}}
                """));
    assertThat(share.getVerb()).isEqualTo(Verb.VERB_SHARE);
    assertThat(share.getNativeId()).isEqualTo("at://did:plc:me/app.bsky.feed.repost/3k");
    assertThat(share.getShareOf().getPostId())
        .isEqualTo(NativeIds.toLong("at://did:plc:you/app.bsky.feed.post/2"));
    assertThat(share.getShareOf().getAuthorId()).isEqualTo(NativeIds.toLong("did:plc:you"));
    assertMalformed(
        RecordFault.NO_SOURCE, FRAME.formatted("create", "app.bsky.feed.repost", ",\"record\":{}"));
  }

  @Test
  void delete_ofAPostOrRepost_isADeleteOfItsUri() {
    for (String collection : new String[] {"app.bsky.feed.post", "app.bsky.feed.repost"}) {
      Activity delete = accepted(FRAME.formatted("delete", collection, ""));
      assertThat(delete.getVerb()).isEqualTo(Verb.VERB_DELETE);
      assertThat(delete.getPostId())
          .isEqualTo(NativeIds.toLong("at://did:plc:me/" + collection + "/3k"));
      assertThat(delete.getAuthorId()).isEqualTo(NativeIds.toLong("did:plc:me"));
      assertThat(delete.getCreatedAt()).isEqualTo(1_780_000_000);
    }
  }

  @Test
  void media_ofEmbeds_isCounted() {
    String images = "{\"$type\":\"app.bsky.embed.images\",\"images\":[{},{}]}";
    assertThat(withEmbed(images).getMediaList())
        .extracting(Media::getType)
        .containsExactly(Media.Type.TYPE_PHOTO, Media.Type.TYPE_PHOTO);
    String video = "{\"$type\":\"app.bsky.embed.video\"}";
    String both = "{\"$type\":\"app.bsky.embed.recordWithMedia\",\"media\":" + video + "}";
    for (String embed : new String[] {video, both}) {
      assertThat(withEmbed(embed).getMediaList())
          .extracting(Media::getType)
          .containsExactly(Media.Type.TYPE_VIDEO);
    }
  }

  @Test
  void otherFrames_areFilteredByReason() {
    assertFiltered(
        FilterReason.OTHER_COLLECTION, FRAME.formatted("create", "app.bsky.feed.like", ""));
    assertFiltered(
        FilterReason.OTHER_COLLECTION, FRAME.formatted("delete", "app.bsky.graph.follow", ""));
    assertFiltered(FilterReason.UPDATE, FRAME.formatted("update", "app.bsky.feed.post", ""));
    assertFiltered(FilterReason.OTHER_EVENT, FRAME.formatted("sing", "app.bsky.feed.post", ""));
    assertFiltered(FilterReason.IDENTITY, "{\"did\":\"did:plc:me\",\"kind\":\"identity\"}");
    assertFiltered(FilterReason.ACCOUNT, "{\"did\":\"did:plc:me\",\"kind\":\"account\"}");
    assertFiltered(FilterReason.OTHER_EVENT, "{\"did\":\"did:plc:me\",\"kind\":\"sync\"}");
  }

  @Test
  void frame_withoutWhatItNeeds_isMalformedForIt() {
    assertMalformed(RecordFault.NOT_JSON, "no json");
    assertMalformed(RecordFault.NO_VERB, "{\"did\":\"did:plc:me\"}");
    String post = FRAME.formatted("create", "app.bsky.feed.post", "");
    assertMalformed(RecordFault.NO_AUTHOR, post.replace("\"did:plc:me\"", "7"));
    assertMalformed(RecordFault.NO_ID, post.replace("\"3k\"", "null"));
    assertMalformed(RecordFault.NO_CREATED_AT, post.replace("1780000000500000", "-1"));
    assertMalformed(RecordFault.NO_VERB, post.replace("create", ""));
  }

  private Activity withEmbed(String embed) {
    return accepted(
        FRAME.formatted("create", "app.bsky.feed.post", ",\"record\":{\"embed\":" + embed + "}"));
  }
}
