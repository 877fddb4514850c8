package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GnipParserTest extends ParserTest {
  GnipParserTest() {
    super(RecordFormat.GNIP);
  }

  @Test
  void twitterReply_findsItsParentInTheLink_andTheUserAmongTheMentions() {
    Activity reply =
        accepted(
            """
            {"id":"tag:search.twitter.com,2005:300","verb":"post","body":"@Some_One hi",
             "actor":{"id":"id:twitter.com:77","followersCount":5,"friendsCount":6},
             "postedTime":"2013-02-03T04:05:06.000Z",
             "object":{"id":"object:search.twitter.com,2005:300"},
             "inReplyTo":{"link":"http://twitter.com/some_one/statuses/200"},
             "twitter_entities":{"user_mentions":[{"screen_name":"other","id_str":"8"},
              {"screen_name":"Some_One","id_str":"9"}],"urls":[]},
             "gnip":{"language":{"value":"en"},
              "urls":[{"url":"http://t.example/1","expanded_url":"http://a.example/1"}]}}
            """);
    assertThat(reply.getVerb()).isEqualTo(Verb.VERB_POST);
    assertThat(reply.getPublisher()).isEqualTo("twitter");
    assertThat(reply.getPostId()).isEqualTo(300);
    assertThat(reply.getAuthorId()).isEqualTo(77);
    assertThat(reply.getCreatedAt()).isEqualTo(1_359_864_306);
    assertThat(reply.getInReplyTo().getPostId()).isEqualTo(200);
    assertThat(reply.getInReplyTo().getAuthorId()).isEqualTo(9);
    assertThat(reply.getText()).isEqualTo("@Some_One hi");
    assertThat(reply.getUrlsList()).containsExactly("http://a.example/1");
    assertThat(reply.getLanguage()).isEqualTo("en");
    assertThat(reply.getFollowers()).isEqualTo(5);
    assertThat(reply.getFollowing()).isEqualTo(6);
  }

  @Test
  void twitterShare_isOfItsObject_andHasTheVideoOfTheExtendedEntities() {
    Activity share =
        accepted(
            """
            {"id":"tag:search.twitter.com,2005:300","verb":"share",
             "actor":{"id":"id:twitter.com:77"},"postedTime":"2013-02-03T04:05:06.000Z",
             "object":{"id":"tag:search.twitter.com,2005:200","verb":"post",
              "actor":{"id":"id:twitter.com:9"},"object":{"id":"object:search.twitter.com,2005:200"}},
             "twitter_entities":{"media":[{"type":"photo"}]},
             "twitter_extended_entities":{"media":[{"type":"video",
              "video_info":{"duration_millis":29000}}]}}
            """);
    assertThat(share.getVerb()).isEqualTo(Verb.VERB_SHARE);
    assertThat(share.getShareOf().getPostId()).isEqualTo(200);
    assertThat(share.getShareOf().getAuthorId()).isEqualTo(9);
    assertThat(share.getMediaCount()).isEqualTo(1);
    assertThat(share.getMedia(0).getType()).isEqualTo(Media.Type.TYPE_VIDEO);
    assertThat(share.getMedia(0).getDurationMs()).isEqualTo(29_000);
  }

  @Test
  void disqus_meansTheComment_notTheActivityAboutIt() {
    String comment =
        """
        {"id":"tag:gnip.disqus.com:2012:comment/abc/%s/2013-04-05T02:07:08","verb":"%s",
         "object":{"id":"tag:gnip.disqus.com:2012:comment/abc"},
         "actor":{"id":"tag:gnip.disqus.com:2012:account/%s"},
         "inReplyTo":{"id":"tag:gnip.disqus.com:2012:comment/xyz",
          "author":{"id":"tag:gnip.disqus.com:2012:account/-1"}},
         "postedTime":"2013-04-05T06:07:08+00:00"}
        """;
    Activity post = accepted(comment.formatted("post", "post", "me"));
    assertThat(post.getPublisher()).isEqualTo("disqus");
    assertThat(post.getNativeId()).isEqualTo("tag:gnip.disqus.com:2012:comment/abc");
    assertThat(post.getPostId()).isEqualTo(NativeIds.toLong(post.getNativeId()));
    assertThat(post.getCreatedAt()).isEqualTo(1_365_142_028);
    assertThat(post.getInReplyTo().getNativeId()).isEqualTo("tag:gnip.disqus.com:2012:comment/xyz");
    assertThat(post.getInReplyTo().getAuthorId()).isZero();
    Activity delete = accepted(comment.formatted("delete", "delete", "-1"));
    assertThat(delete.getVerb()).isEqualTo(Verb.VERB_DELETE);
    assertThat(delete.getPostId()).isEqualTo(post.getPostId());
    assertThat(delete.getAuthorId()).isZero();
    assertFiltered(FilterReason.UPDATE, comment.formatted("update", "update", "me"));
    assertFiltered(FilterReason.ANONYMOUS_AUTHOR, comment.formatted("post", "post", "-1"));
  }

  @Test
  void stocktwits_hasTheIdOfTheTag_andTheTimeOfTheObject() {
    Activity note =
        accepted(
            """
            {"id":"tag:gnip.stocktwits.com:2012:note/24","verb":"post","body":"up",
             "actor":{"id":"person:stocktwits:35","followersCount":64,"followingCount":40},
             "object":{"id":"note:stocktwits:24","postedTime":"2014-08-09T10:11:12Z"},
             "inReplyTo":{"objectType":"note","id":"tag:gnip.stocktwits.com:2012:note/23"}}
            """);
    assertThat(note.getNativeId()).isEqualTo("tag:gnip.stocktwits.com:2012:note/24");
    assertThat(note.getNativeAuthorId()).isEqualTo("person:stocktwits:35");
    assertThat(note.getCreatedAt()).isEqualTo(1_407_579_072);
    assertThat(note.getInReplyTo().getPostId())
        .isEqualTo(NativeIds.toLong("tag:gnip.stocktwits.com:2012:note/23"));
    assertThat(note.getFollowing()).isEqualTo(40);
  }

  @Test
  void tumblrReblog_isAShareOfItsRoot() {
    String reblog =
        """
        {"id":"tag:gnip.tumblr.com:2012:post/30/post","verb":"post",
         "actor":{"id":"tag:gnip.tumblr.com:2012:blog/7"},
         "object":{"id":"tag:gnip.tumblr.com:2012:post/30"},
         "postedTime":"2013-04-05T06:07:08+00:00",
         "tumblrRebloggedRoot":{"link":"%s"},
         "tumblrRebloggedFrom":{"link":"http://b.example/post/20"}}
        """;
    Activity share = accepted(reblog.formatted("http://a.example/post/10/some-words"));
    assertThat(share.getVerb()).isEqualTo(Verb.VERB_SHARE);
    assertThat(share.getNativeId()).isEqualTo("tag:gnip.tumblr.com:2012:post/30");
    assertThat(share.getShareOf().getNativeId()).isEqualTo("tag:gnip.tumblr.com:2012:post/10");
    assertThat(share.getShareOf().getAuthorId()).isZero();
    assertThat(accepted(reblog.formatted("")).getShareOf().getNativeId())
        .isEqualTo("tag:gnip.tumblr.com:2012:post/20");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2013-02-03T04:05:06Z",
        "2013-02-03T04:05:06.000Z",
        "2013-02-03T04:05:06+00:00",
        "2013-02-03T05:05:06+01:00"
      })
  void times_haveOffsetsOfAnyForm(String time) {
    Activity post =
        accepted(
            """
            {"id":"tag:search.twitter.com,2005:300","verb":"post","postedTime":"%s",
             "actor":{"id":"id:twitter.com:77"}}
            """
                .formatted(time));
    assertThat(post.getCreatedAt()).isEqualTo(1_359_864_306);
  }

  @Test
  void otherRecords_areFilteredOrMalformed() {
    assertFiltered(FilterReason.CONTROL_MESSAGE, "{\"info\":{\"message\":\"done\"}}");
    assertFiltered(FilterReason.OTHER_EVENT, "{\"verb\":\"like\"}");
    assertMalformed(RecordFault.NO_VERB, "{}");
    assertMalformed(RecordFault.NO_ID, "{\"verb\":\"post\"}");
    assertMalformed(RecordFault.BAD_ID, "{\"verb\":\"post\",\"id\":\"300\"}");
    String twitter = "{\"verb\":\"%s\",\"id\":\"tag:search.twitter.com,2005:%s\"%s}";
    assertMalformed(RecordFault.BAD_ID, twitter.formatted("post", "x", ""));
    assertMalformed(RecordFault.NO_AUTHOR, twitter.formatted("post", "1", ""));
    String actor = ",\"actor\":{\"id\":\"id:twitter.com:77\"}";
    assertMalformed(RecordFault.NO_CREATED_AT, twitter.formatted("post", "1", actor));
    assertMalformed(
        RecordFault.NO_ID,
        twitter.formatted("share", "1", actor + ",\"postedTime\":\"2013-02-03T04:05:06Z\""));
  }
}
