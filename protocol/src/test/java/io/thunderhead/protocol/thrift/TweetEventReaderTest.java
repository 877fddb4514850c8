package io.thunderhead.protocol.thrift;

import static io.thunderhead.protocol.thrift.ThriftBytes.BOOL;
import static io.thunderhead.protocol.thrift.ThriftBytes.I32;
import static io.thunderhead.protocol.thrift.ThriftBytes.I64;
import static io.thunderhead.protocol.thrift.ThriftBytes.LIST;
import static io.thunderhead.protocol.thrift.ThriftBytes.STRING;
import static io.thunderhead.protocol.thrift.ThriftBytes.STRUCT;
import static io.thunderhead.protocol.thrift.ThriftBytes.coreData;
import static io.thunderhead.protocol.thrift.ThriftBytes.thrift;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What an event means, and why one is bad; hostile bytes are in {@link HostileThriftTest}. */
class TweetEventReaderTest {
  private final TweetEventReader reader = new TweetEventReader();
  private final TweetEventWriter writer = new TweetEventWriter();
  private final TweetFields tweet = new TweetFields();

  TweetEventReaderTest() {
    tweet.postId = 10;
    tweet.userId = 20;
    tweet.coreUserId = 20;
    tweet.createdAtSeconds = 1000;
  }

  @Test
  void create_ofOneSliceOfAnArray_isReadFromThere() throws Exception {
    int length = writer.writeCreate(tweet);
    byte[] around = new byte[length + 20];
    Arrays.fill(around, (byte) 0x0b);
    System.arraycopy(writer.buffer(), 0, around, 7, length);
    reader.read(around, 7, length);
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.CREATE);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isEqualTo(20);
    assertThat(reader.createdAtSeconds()).isEqualTo(1000);
  }

  @Test
  void author_isTheUserElseTheCoreDatas() throws Exception {
    tweet.coreUserId = 0;
    readCreate();
    assertThat(reader.authorId()).isEqualTo(20);
    tweet.userId = 0;
    tweet.coreUserId = 21;
    readCreate();
    assertThat(reader.authorId()).isEqualTo(21);
    tweet.coreUserId = 0;
    assertCreateRejected(RejectReason.NO_AUTHOR);
    tweet.userId = 20;
    tweet.coreUserId = 21;
    assertCreateRejected(RejectReason.AUTHOR_MISMATCH);
  }

  @Test
  void create_withoutWhatItNeeds_isRejectedForIt() {
    tweet.postId = 0;
    assertCreateRejected(RejectReason.NO_ID);
    tweet.postId = -1;
    assertCreateRejected(RejectReason.BAD_ID);
    tweet.postId = 10;
    tweet.createdAtSeconds = 0;
    assertCreateRejected(RejectReason.NO_CREATED_AT);
    tweet.createdAtSeconds = -1;
    assertCreateRejected(RejectReason.NO_CREATED_AT);
    writer.writeCreateWithoutTweet(20, 0);
    assertRejected(writer.toByteArray(), RejectReason.NO_TWEET);
    writer.writeWithoutData(1000);
    assertRejected(writer.toByteArray(), RejectReason.NO_DATA);
    assertRejected(thrift().stop(1).toByteArray(), RejectReason.NO_DATA);
    assertRejected(thrift().data().stop(2).toByteArray(), RejectReason.NO_DATA);
  }

  @Test
  void ids_notAboveZero_areRejectedWhereverTheyAre() {
    for (long bad : new long[] {-1, Long.MIN_VALUE}) {
      tweet.hasReply = true;
      tweet.inReplyToPostId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.inReplyToPostId = 0;
      tweet.inReplyToUserId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.inReplyToUserId = 0;
      tweet.hasShare = true;
      tweet.sourcePostId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.sourcePostId = 0;
      tweet.sourceUserId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.sourceUserId = 0;
      tweet.conversationId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.conversationId = 0;
      tweet.userId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.userId = 20;
      tweet.coreUserId = bad;
      assertCreateRejected(RejectReason.BAD_ID);
      tweet.coreUserId = 20;
    }
    assertRejected(
        coreData().i64(1, 20).i64(4, 1000).i64(14, 0).endCreate().toByteArray(),
        RejectReason.BAD_ID);
  }

  @Test
  void reply_withoutIds_isStillAReply() throws Exception {
    tweet.hasReply = true;
    readCreate();
    assertThat(reader.hasReply()).isTrue();
    assertThat(reader.inReplyToPostId()).isZero();
    assertThat(reader.inReplyToUserId()).isZero();
    assertThat(reader.hasShare()).isFalse();
  }

  @Test
  void video_isExactlyOneItemOfFiveSeconds() throws Exception {
    tweet.videos = 1;
    tweet.videoDurationMs = 5000;
    assertThat(videoOf()).isTrue();
    tweet.videoDurationMs = 4999;
    assertThat(videoOf()).isFalse();
    tweet.videoDurationMs = 0;
    assertThat(videoOf()).isFalse();
    tweet.videoDurationMs = 60_000;
    tweet.videos = 2;
    assertThat(videoOf()).isFalse();
    tweet.videos = 1;
    tweet.images = 1;
    assertThat(videoOf()).isFalse();
    tweet.images = 0;
    tweet.animatedGifs = 1;
    assertThat(videoOf()).isFalse();
    tweet.videos = 0;
    assertThat(videoOf()).isFalse();
  }

  @Test
  void delete_needsOnlyItsId() throws Exception {
    writer.writeDelete(10, 0, 0);
    read(writer.toByteArray());
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.DELETE);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isZero();
    assertThat(reader.timestampMs()).isZero();
    writer.writeDelete(10, 20, 5);
    read(writer.toByteArray());
    assertThat(reader.authorId()).isEqualTo(20);
    assertThat(reader.timestampMs()).isEqualTo(5);
    writer.writeDelete(0, 20, 5);
    assertRejected(writer.toByteArray(), RejectReason.NO_ID);
    writer.writeDelete(10, -20, 5);
    assertRejected(writer.toByteArray(), RejectReason.BAD_ID);
    assertRejected(thrift().data().field(STRUCT, 2).stop(3).toByteArray(), RejectReason.NO_TWEET);
  }

  @Test
  void quotedDelete_isAboutTheQuotingPost() throws Exception {
    writer.writeQuotedDelete(10, 0, 30, 40, 7);
    read(writer.toByteArray());
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.QUOTED_DELETE);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isZero();
    writer.writeQuotedDelete(10, 20, 0, 0, 7);
    read(writer.toByteArray());
    assertThat(reader.authorId()).isEqualTo(20);
    writer.writeQuotedDelete(0, 20, 30, 40, 7);
    assertRejected(writer.toByteArray(), RejectReason.NO_ID);
  }

  @Test
  void otherEvents_areReadAsSuch_whateverTheirTypeAndContent() throws Exception {
    for (int arm : new int[] {3, 4, 5, 6, 7, 8, 9, 11, 12, 999, -1}) {
      writer.writeOther(arm, 0, 0, 0);
      read(writer.toByteArray());
      assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.OTHER);
    }
    read(thrift().data().i64(12, 1).stop(2).toByteArray());
    assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.OTHER);
  }

  @Test
  void data_withSeveralEvents_isRejected() {
    byte[] createAndDelete =
        thrift().data().field(STRUCT, 1).stop(1).field(STRUCT, 2).stop(3).toByteArray();
    assertRejected(createAndDelete, RejectReason.SEVERAL_EVENTS);
    byte[] deleteAndUndelete =
        thrift().data().field(STRUCT, 2).stop(1).field(STRUCT, 5).stop(3).toByteArray();
    assertRejected(deleteAndUndelete, RejectReason.SEVERAL_EVENTS);
  }

  @Test
  void knownField_ofAnotherType_countsAsMissing() throws Exception {
    assertRejected(thrift().data().i64(1, 5).stop(2).toByteArray(), RejectReason.NO_DATA);
    assertRejected(thrift().i64(1, 5).stop(1).toByteArray(), RejectReason.NO_DATA);
    assertRejected(
        coreData().field(I32, 1).i32(20).i64(4, 1000).endCreate().toByteArray(),
        RejectReason.NO_AUTHOR);
    assertRejected(
        coreData().i64(1, 20).field(I32, 4).i32(1000).endCreate().toByteArray(),
        RejectReason.NO_CREATED_AT);
    read(
        coreData()
            .i64(1, 20)
            .i64(4, 1000)
            .field(STRING, 5)
            .i32(0)
            .field(BOOL, 7)
            .raw(1)
            .i64(11, 1)
            .field(STRUCT, 14)
            .stop(1)
            .endCreate()
            .toByteArray());
    assertThat(reader.hasReply()).isFalse();
    assertThat(reader.hasShare()).isFalse();
    assertThat(reader.nullcast()).isFalse();
    assertThat(reader.conversationId()).isZero();
  }

  @Test
  void media_ofAnotherElementType_isNone() throws Exception {
    byte[] bytes =
        thrift()
            .data()
            .field(STRUCT, 1)
            .field(STRUCT, 1)
            .i64(1, 10)
            .field(STRUCT, 2)
            .i64(1, 20)
            .i64(4, 1000)
            .stop(1)
            .field(LIST, 7)
            .raw(I64)
            .i32(1)
            .raw(0, 0, 0, 0, 0, 0, 0, 1)
            .stop(4)
            .toByteArray();
    read(bytes);
    assertThat(reader.video()).isFalse();
    assertThat(reader.postId()).isEqualTo(10);
  }

  @Test
  void field_thatComesTwice_countsWithItsLastValue() throws Exception {
    byte[] bytes =
        thrift()
            .data()
            .field(STRUCT, 1)
            .field(STRUCT, 1)
            .i64(1, 99)
            .i64(1, 10)
            .field(STRUCT, 2)
            .i64(1, -7)
            .field(STRUCT, 5)
            .i64(1, 5)
            .stop(1)
            .stop(1)
            .field(STRUCT, 2)
            .i64(1, 20)
            .i64(4, 1000)
            .stop(5)
            .toByteArray();
    read(bytes);
    assertThat(reader.postId()).isEqualTo(10);
    assertThat(reader.authorId()).isEqualTo(20);
    assertThat(reader.hasReply()).isFalse();
  }

  @Test
  void read_afterAFullerEvent_carriesNothingOver() throws Exception {
    tweet.hasReply = true;
    tweet.inReplyToPostId = 1;
    tweet.inReplyToUserId = 2;
    tweet.hasShare = true;
    tweet.sourcePostId = 3;
    tweet.sourceUserId = 4;
    tweet.nullcast = true;
    tweet.conversationId = 5;
    tweet.videos = 1;
    tweet.videoDurationMs = 5000;
    tweet.timestampMs = 6;
    readCreate();
    assertThat(reader.nullcast()).isTrue();
    assertThat(reader.video()).isTrue();
    tweet.clear();
    tweet.postId = 11;
    tweet.userId = 21;
    tweet.createdAtSeconds = 1001;
    readCreate();
    assertThat(reader.hasReply()).isFalse();
    assertThat(reader.inReplyToPostId()).isZero();
    assertThat(reader.inReplyToUserId()).isZero();
    assertThat(reader.hasShare()).isFalse();
    assertThat(reader.sourcePostId()).isZero();
    assertThat(reader.sourceUserId()).isZero();
    assertThat(reader.nullcast()).isFalse();
    assertThat(reader.conversationId()).isZero();
    assertThat(reader.video()).isFalse();
    assertThat(reader.timestampMs()).isZero();
  }

  private boolean videoOf() throws MalformedEventException {
    readCreate();
    return reader.video();
  }

  private void readCreate() throws MalformedEventException {
    int length = writer.writeCreate(tweet);
    reader.read(writer.buffer(), 0, length);
  }

  private void assertCreateRejected(RejectReason reason) {
    writer.writeCreate(tweet);
    assertRejected(writer.toByteArray(), reason);
  }

  private void read(byte[] bytes) throws MalformedEventException {
    reader.read(bytes, 0, bytes.length);
  }

  private void assertRejected(byte[] bytes, RejectReason reason) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOfSatisfying(
            MalformedEventException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e.getStackTrace()).isEmpty();
            });
  }
}
