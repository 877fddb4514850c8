package io.thunderhead.pipeline.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Activities become the same events whether they come as they are or as legacy tweet events. */
final class ActivityDecoderTest {
  private static final long NOW_MS = 1_790_000_100_000L;
  private static final long NOW_SECONDS = NOW_MS / 1000;

  private final ActivityDecoder decoder = new ActivityDecoder(TransformConfig.defaults());
  private final ThriftDecoder legacy = new ThriftDecoder(TransformConfig.defaults());
  private final ActivityToTweetEvent tweetEvents = new ActivityToTweetEvent();

  @Test
  void randomActivities_giveTheBytesThatTheirTweetEventsGive() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < 20_000; i++) {
      Activity activity = activity(random);
      byte[] bytes = activity.toByteArray();
      tweetEvents.write(activity, 0);
      byte[] expected = {};
      RejectReason refused = null;
      try {
        assertThat(legacy.decode(tweetEvents.buffer(), 0, tweetEvents.length(), NOW_MS)).isNull();
        expected = Arrays.copyOf(legacy.output(), legacy.outputLength());
      } catch (MalformedEventException e) {
        refused = e.reason();
      }
      try {
        assertThat(decoder.decode(bytes, 0, bytes.length, NOW_MS)).isNull();
        assertThat(refused).as("%s", activity).isNull();
        assertThat(Arrays.copyOf(decoder.output(), decoder.outputLength()))
            .as("%s", activity)
            .isEqualTo(expected);
        assertThat(decoder.keyId()).isEqualTo(legacy.keyId());
      } catch (MalformedEventException e) {
        assertThat(e.reason()).as("%s", activity).isEqualTo(refused);
      }
    }
  }

  @Test
  void secondRevision_isFiltered_theFirstIsNot() throws Exception {
    Activity.Builder post = post();
    byte[] first = post.setRevision(1).build().toByteArray();
    assertThat(decoder.decode(first, 0, first.length, NOW_MS)).isNull();
    byte[] second = post.setRevision(2).build().toByteArray();
    assertThat(decoder.decode(second, 0, second.length, NOW_MS))
        .isEqualTo(FilterReason.LATE_REVISION);
  }

  @Test
  void whatAnActivityLacks_isTheReason() {
    assertReason(post().clearVerb(), RejectReason.NO_VERB);
    assertReason(post().setVerbValue(9), RejectReason.NO_VERB);
    assertReason(post().clearPostId(), RejectReason.NO_ID);
    assertReason(post().setPostId(-1), RejectReason.BAD_ID);
    assertReason(post().clearAuthorId(), RejectReason.NO_AUTHOR);
    assertReason(post().setAuthorId(-7), RejectReason.BAD_ID);
    assertReason(post().clearCreatedAt(), RejectReason.NO_CREATED_AT);
    assertReason(post().setCreatedAt(-1), RejectReason.NO_CREATED_AT);
    assertReason(post().setCreatedAt(NOW_SECONDS + 301), RejectReason.CREATED_IN_FUTURE);
    assertReason(
        post().setInReplyTo(PostReference.newBuilder().setPostId(-5)), RejectReason.BAD_ID);
  }

  @Test
  void brokenBytes_areRefused_andNothingElseHappens() {
    byte[] whole = post().setText("text").build().toByteArray();
    Random random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      byte[] broken = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      try {
        decoder.decode(broken, 0, broken.length, NOW_MS);
      } catch (MalformedEventException e) {
        assertThat(e.reason()).isNotNull();
      }
    }
    assertThatThrownBy(() -> decoder.decode(whole, 0, whole.length - 1, NOW_MS))
        .isInstanceOf(MalformedEventException.class);
  }

  @Test
  void topicsName_saysTheFormat() {
    assertThat(TransformConfig.InputFormat.of("enriched_activities"))
        .isEqualTo(TransformConfig.InputFormat.ACTIVITY);
    assertThat(TransformConfig.InputFormat.of("activities"))
        .isEqualTo(TransformConfig.InputFormat.ACTIVITY);
    assertThat(TransformConfig.InputFormat.of("anything"))
        .isEqualTo(TransformConfig.InputFormat.THRIFT);
  }

  private void assertReason(Activity.Builder activity, RejectReason reason) {
    byte[] bytes = activity.build().toByteArray();
    assertThatThrownBy(() -> decoder.decode(bytes, 0, bytes.length, NOW_MS))
        .isInstanceOfSatisfying(
            MalformedEventException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Activity.Builder post() {
    return Activity.newBuilder()
        .setVerb(Verb.VERB_POST)
        .setPostId(1)
        .setAuthorId(7)
        .setCreatedAt(NOW_SECONDS);
  }

  private static Activity activity(Random random) {
    Activity.Builder activity =
        Activity.newBuilder()
            .setPublisher("p")
            .setVerbValue(1 + random.nextInt(3))
            .setPostId(1 + random.nextLong(Long.MAX_VALUE - 1))
            .setAuthorId(1 + random.nextInt(1_000))
            .setCreatedAt(NOW_SECONDS + random.nextInt(700) - 350)
            .setText("text ü");
    if (activity.getVerb() == Verb.VERB_DELETE) {
      return random.nextBoolean() ? activity.build() : activity.clearCreatedAt().build();
    }
    if (activity.getVerb() == Verb.VERB_SHARE) {
      activity.setShareOf(reference(random));
    }
    if (random.nextInt(3) == 0) {
      activity.setInReplyTo(reference(random));
    }
    if (random.nextInt(3) == 0) {
      activity.setConversation(reference(random));
    }
    for (int media = random.nextInt(3); media > 0; media--) {
      activity.addMedia(
          Media.newBuilder()
              .setTypeValue(random.nextInt(4))
              .setDurationMs(4_990 + random.nextInt(20)));
    }
    return activity.build();
  }

  private static PostReference reference(Random random) {
    PostReference.Builder reference = PostReference.newBuilder().setNativeId("n");
    if (random.nextBoolean()) {
      reference.setPostId(1 + random.nextInt(100));
    }
    if (random.nextBoolean()) {
      reference.setAuthorId(1 + random.nextInt(100));
    }
    return reference.build();
  }
}
