package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;

class ActivityToTweetEventTest {
  private final ActivityToTweetEvent events = new ActivityToTweetEvent();
  private final TweetEventReader reader = new TweetEventReader();

  @Test
  void reply_readsBack_withItsTimesMoved() throws Exception {
    read(
        post(Verb.VERB_POST)
            .setInReplyTo(PostReference.newBuilder().setPostId(5).setAuthorId(6))
            .setConversation(PostReference.newBuilder().setPostId(4))
            .build(),
        500);
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.CREATE);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isEqualTo(20);
    assertThat(reader.createdAtSeconds()).isEqualTo(1500);
    assertThat(reader.timestampMs()).isEqualTo(1_500_000);
    assertThat(reader.hasReply()).isTrue();
    assertThat(reader.inReplyToPostId()).isEqualTo(5);
    assertThat(reader.inReplyToUserId()).isEqualTo(6);
    assertThat(reader.conversationId()).isEqualTo(4);
    assertThat(reader.hasShare()).isFalse();
  }

  @Test
  void share_ofAPostWithoutId_isARetweetStill() throws Exception {
    read(post(Verb.VERB_SHARE).setShareOf(PostReference.newBuilder().setAuthorId(6)).build(), 0);
    assertThat(reader.hasShare()).isTrue();
    assertThat(reader.sourcePostId()).isZero();
    assertThat(reader.sourceUserId()).isEqualTo(6);
  }

  @Test
  void video_isOneThatReadersTake() throws Exception {
    Media.Builder video = Media.newBuilder().setType(Media.Type.TYPE_VIDEO);
    read(post(Verb.VERB_POST).addMedia(video.setDurationMs(5000)).build(), 0);
    assertThat(reader.video()).isTrue();
    read(post(Verb.VERB_POST).addMedia(video.setDurationMs(1L << 40)).build(), 0);
    assertThat(reader.video()).isTrue();
    read(post(Verb.VERB_POST).addMedia(video.clearDurationMs()).build(), 0);
    assertThat(reader.video()).isFalse();
    Media photo = Media.newBuilder().setType(Media.Type.TYPE_PHOTO).build();
    read(post(Verb.VERB_POST).addMedia(video.setDurationMs(5000)).addMedia(photo).build(), 0);
    assertThat(reader.video()).isFalse();
  }

  @Test
  void delete_needsNeitherAuthorNorTime() throws Exception {
    Activity delete = Activity.newBuilder().setVerb(Verb.VERB_DELETE).setPostId(10).build();
    read(delete, 500);
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.DELETE);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isZero();
    assertThat(reader.timestampMs()).isZero();
    assertThat(ActivityToTweetEvent.keyOf(delete)).isEqualTo(10);
    read(delete.toBuilder().setAuthorId(20).setCreatedAt(1000).build(), 500);
    assertThat(reader.authorId()).isEqualTo(20);
    assertThat(reader.timestampMs()).isEqualTo(1_500_000);
  }

  @Test
  void activity_withoutAVerb_isNoEvent() {
    assertThatThrownBy(() -> events.write(Activity.getDefaultInstance(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void read(Activity activity, long shiftSeconds) throws MalformedEventException {
    int length = events.write(activity, shiftSeconds);
    reader.read(events.buffer(), 0, length);
  }

  private static Activity.Builder post(Verb verb) {
    return Activity.newBuilder()
        .setVerb(verb)
        .setPostId(10)
        .setAuthorId(20)
        .setCreatedAt(1000)
        .setText("ünïcode");
  }
}
