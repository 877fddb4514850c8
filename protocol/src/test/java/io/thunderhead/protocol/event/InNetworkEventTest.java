package io.thunderhead.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.protocol.v1.InNetworkEvent;
import io.thunderhead.protocol.v1.LightPost;
import io.thunderhead.protocol.v1.TweetCreateEvent;
import io.thunderhead.protocol.v1.TweetDeleteEvent;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Our readers and writers of bytes against the classes that protobuf generates. */
class InNetworkEventTest {
  private final InNetworkEventReader reader = new InNetworkEventReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();
  private final LightPostWriter posts = new LightPostWriter();

  @Test
  void write_ofAnyEvent_isWhatProtobufWrites() throws Exception {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      InNetworkEvent event = randomEvent(random);
      byte[] bytes = event.toByteArray();
      reader.read(bytes, 0, bytes.length);
      if (reader.isCreate()) {
        writer.writeCreate(
            reader.postId(),
            reader.authorId(),
            reader.createdAt(),
            reader.inReplyToPostId(),
            reader.inReplyToUserId(),
            reader.isRetweet(),
            event.getTweetCreateEvent().getIsReply(),
            reader.sourcePostId(),
            reader.sourceUserId(),
            reader.hasVideo(),
            reader.conversationId());
      } else {
        writer.writeDelete(reader.postId(), reader.deletedAt(), reader.authorId());
      }
      assertThat(writer.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void lightPosts_putTogether_areAResponse() throws Exception {
    Random random = new Random(2);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    GetInNetworkPostsResponse.Builder expected = GetInNetworkPostsResponse.newBuilder();
    for (int round = 0; round < 2000; round++) {
      InNetworkEvent event = randomEvent(random);
      byte[] bytes = event.toByteArray();
      reader.read(bytes, 0, bytes.length);
      if (reader.isCreate()) {
        answer.write(posts.buffer(), 0, posts.write(reader));
        LightPost.Builder post = LightPost.parseFrom(bytesOf(event)).toBuilder();
        post.setIsReply(
            post.getIsReply() || post.hasInReplyToPostId() || post.hasInReplyToUserId());
        expected.addPosts(post);
      } else {
        assertThatThrownBy(() -> posts.write(reader)).isInstanceOf(IllegalArgumentException.class);
      }
    }
    assertThat(GetInNetworkPostsResponse.parseFrom(answer.toByteArray()))
        .isEqualTo(expected.build());
    assertThat(answer.toByteArray()).isEqualTo(expected.build().toByteArray());
  }

  @Test
  void read_ofChangedBytes_agreesWithProtobuf() {
    Random random = new Random(3);
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = changed(random, randomEvent(random).toByteArray());
      if (agrees(bytes)) {
        accepted++;
      }
    }
    assertThat(accepted).isGreaterThan(7_000);
  }

  @Test
  void read_ofRandomFields_agreesWithProtobuf() {
    Random random = new Random(4);
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      // Not three: after create, delete, create protobuf's Java builder still has the first create,
      // which its own specification has replaced.
      for (int variant = random.nextInt(2); variant >= 0; variant--) {
        int number = random.nextInt(20) == 0 ? 3 : 1 + random.nextInt(2);
        byte[] fields = randomFields(random);
        bytes.write(number << 3 | 2);
        bytes.write(random.nextInt(20) == 0 ? random.nextInt(128) : fields.length);
        bytes.writeBytes(fields);
      }
      if (agrees(bytes.toByteArray())) {
        accepted++;
      }
    }
    assertThat(accepted).isGreaterThan(4_000);
  }

  @Test
  void read_withUnknownFieldsOfEveryType_skipsThem() throws Exception {
    UnknownFieldSet inner =
        UnknownFieldSet.newBuilder()
            .addField(
                200,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(-1)
                    .addFixed32(1)
                    .addFixed64(2)
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .addGroup(
                        UnknownFieldSet.newBuilder()
                            .addField(7, UnknownFieldSet.Field.newBuilder().addVarint(3).build())
                            .build())
                    .build())
            .build();
    byte[] bytes =
        InNetworkEvent.newBuilder()
            .setTweetCreateEvent(
                TweetCreateEvent.newBuilder()
                    .setPostId(1)
                    .setAuthorId(2)
                    .setCreatedAt(3)
                    .setUnknownFields(inner))
            .setUnknownFields(inner)
            .build()
            .toByteArray();
    reader.read(bytes, 0, bytes.length);
    assertThat(reader.postId()).isEqualTo(1);
    assertThat(agrees(bytes)).isTrue();
  }

  @Test
  void read_ofGroupsAtAndBeyondTheLimit_agreesWithProtobuf() {
    for (int depth : new int[] {1, 98, 99, 100, 101, 102, 10_000}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(new byte[] {0x0a, 6, 8, 1, 16, 2, 24, 3});
      for (int i = 0; i < depth; i++) {
        bytes.write(0x0b);
      }
      for (int i = 0; i < depth; i++) {
        bytes.write(0x0c);
      }
      assertThat(agrees(bytes.toByteArray())).as("depth %d", depth).isEqualTo(depth <= 100);
    }
  }

  @Test
  void read_ofTwoVariants_takesTheLastAndMergesTheSame() throws Exception {
    byte[] createThenDelete = {0x0a, 6, 8, 1, 16, 2, 24, 3, 0x12, 2, 8, 9};
    reader.read(createThenDelete, 0, createThenDelete.length);
    assertThat(reader.isDelete()).isTrue();
    assertThat(reader.postId()).isEqualTo(9);
    assertThat(reader.authorId()).isZero();
    byte[] createInTwoParts = {0x0a, 4, 8, 1, 16, 2, 0x0a, 4, 24, 3, 8, 7};
    reader.read(createInTwoParts, 0, createInTwoParts.length);
    assertThat(reader.isCreate()).isTrue();
    assertThat(reader.postId()).isEqualTo(7);
    assertThat(reader.createdAt()).isEqualTo(3);
    byte[] createDeleteCreate = {0x0a, 4, 32, 5, 16, 2, 0x12, 0, 0x0a, 6, 8, 1, 16, 2, 24, 3};
    reader.read(createDeleteCreate, 0, createDeleteCreate.length);
    assertThat(reader.isCreate()).isTrue();
    assertThat(reader.inReplyToPostId()).isZero();
  }

  @Test
  void read_ofWhatMeansNothing_saysWhy() {
    assertThat(reasonOf(new byte[0])).isEqualTo(RejectReason.NO_VARIANT);
    assertThat(reasonOf(new byte[] {0x1a, 0})).isEqualTo(RejectReason.UNKNOWN_VARIANT);
    assertThat(reasonOf(new byte[] {0x0a, 0})).isEqualTo(RejectReason.NO_ID);
    assertThat(reasonOf(new byte[] {0x0a, 2, 8, 1})).isEqualTo(RejectReason.NO_AUTHOR);
    assertThat(reasonOf(new byte[] {0x0a, 4, 8, 1, 16, 2})).isEqualTo(RejectReason.NO_CREATED_AT);
    assertThat(reasonOf(new byte[] {0x0a, 1})).isEqualTo(RejectReason.NOT_PROTOBUF);
    assertThat(reasonOf(new byte[] {0x0a, 8, 8, 1, 16, 2, 24, 3, 32, 0}))
        .isEqualTo(RejectReason.BAD_ID);
    assertThat(reasonOf(new byte[] {0x0a, 10, 8, 1, 16, 2, 24, 3, 32, 0, 32, 5})).isNull();
    assertThat(reasonOf(new byte[] {0x12, 0})).isEqualTo(RejectReason.NO_ID);
    assertThat(reasonOf(new byte[] {0x12, 2, 8, 1})).isNull();
    assertThat(reasonOf(new byte[] {0x12, 4, 8, 1, 24, 0})).isEqualTo(RejectReason.BAD_ID);
  }

  @Test
  void read_ofAVarintOfElevenBytes_isRejected() {
    byte[] bytes = new byte[40];
    bytes[0] = 0x0a;
    bytes[1] = 38;
    bytes[2] = 0x60;
    Arrays.fill(bytes, 3, 13, (byte) 0x80);
    assertThat(reasonOf(bytes)).isEqualTo(RejectReason.NOT_PROTOBUF);
  }

  @Test
  void read_ofASlice_seesNothingAroundIt() throws Exception {
    byte[] around = {0x12, 2, 0x0a, 6, 8, 1, 16, 2, 24, 3, 0x0a, 6};
    reader.read(around, 2, 8);
    assertThat(reader.isCreate()).isTrue();
    assertThat(reasonOf(new byte[] {0x0a, 6, 8, 1, 16, 2, 24})).isNotNull();
  }

  /** Whether both take the bytes; fails if they differ where we are not stricter by intent. */
  private boolean agrees(byte[] bytes) {
    InNetworkEvent parsed = null;
    try {
      parsed = InNetworkEvent.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      assertThat(reasonOf(bytes)).isEqualTo(RejectReason.NOT_PROTOBUF);
      return false;
    }
    RejectReason reason = reasonOf(bytes);
    assertThat(reason).as("%s", HexFormat.of().formatHex(bytes)).isEqualTo(expectedReason(parsed));
    if (reason != null) {
      return false;
    }
    assertThat(reader.isCreate()).isEqualTo(parsed.hasTweetCreateEvent());
    assertThat(reader.isDelete()).isEqualTo(parsed.hasTweetDeleteEvent());
    if (reader.isDelete()) {
      TweetDeleteEvent delete = parsed.getTweetDeleteEvent();
      assertThat(reader.postId()).isEqualTo(delete.getPostId());
      assertThat(reader.authorId()).isEqualTo(delete.getAuthorId());
      assertThat(reader.deletedAt()).isEqualTo(Math.max(0, delete.getDeletedAt()));
      return true;
    }
    TweetCreateEvent create = parsed.getTweetCreateEvent();
    assertThat(reader.postId()).isEqualTo(create.getPostId());
    assertThat(reader.authorId()).isEqualTo(create.getAuthorId());
    assertThat(reader.createdAt()).isEqualTo(create.getCreatedAt());
    assertThat(reader.inReplyToPostId()).isEqualTo(create.getInReplyToPostId());
    assertThat(reader.inReplyToUserId()).isEqualTo(create.getInReplyToUserId());
    assertThat(reader.isRetweet()).isEqualTo(create.getIsRetweet());
    assertThat(reader.isReply())
        .isEqualTo(
            create.getIsReply() || create.hasInReplyToPostId() || create.hasInReplyToUserId());
    assertThat(reader.sourcePostId()).isEqualTo(create.getSourcePostId());
    assertThat(reader.sourceUserId()).isEqualTo(create.getSourceUserId());
    assertThat(reader.hasVideo()).isEqualTo(create.getHasVideo());
    assertThat(reader.conversationId()).isEqualTo(create.getConversationId());
    return true;
  }

  private static @Nullable RejectReason expectedReason(InNetworkEvent event) {
    return switch (event.getEventVariantCase()) {
      case EVENTVARIANT_NOT_SET ->
          event.getUnknownFields().asMap().isEmpty()
              ? RejectReason.NO_VARIANT
              : RejectReason.UNKNOWN_VARIANT;
      case TWEET_DELETE_EVENT -> {
        TweetDeleteEvent delete = event.getTweetDeleteEvent();
        yield delete.getPostId() == 0
            ? RejectReason.NO_ID
            : delete.getPostId() < 0 || (delete.hasAuthorId() && delete.getAuthorId() <= 0)
                ? RejectReason.BAD_ID
                : null;
      }
      case TWEET_CREATE_EVENT -> {
        TweetCreateEvent create = event.getTweetCreateEvent();
        if (create.getPostId() == 0) {
          yield RejectReason.NO_ID;
        }
        boolean badId =
            create.getPostId() < 0
                || (create.hasInReplyToPostId() && create.getInReplyToPostId() <= 0)
                || (create.hasInReplyToUserId() && create.getInReplyToUserId() <= 0)
                || (create.hasSourcePostId() && create.getSourcePostId() <= 0)
                || (create.hasSourceUserId() && create.getSourceUserId() <= 0)
                || (create.hasConversationId() && create.getConversationId() <= 0);
        if (badId) {
          yield RejectReason.BAD_ID;
        }
        if (create.getAuthorId() <= 0) {
          yield create.getAuthorId() == 0 ? RejectReason.NO_AUTHOR : RejectReason.BAD_ID;
        }
        yield create.getCreatedAt() <= 0 ? RejectReason.NO_CREATED_AT : null;
      }
    };
  }

  private @Nullable RejectReason reasonOf(byte[] bytes) {
    try {
      reader.read(bytes, 0, bytes.length);
      return null;
    } catch (MalformedEventException e) {
      return e.reason();
    }
  }

  private static byte[] bytesOf(InNetworkEvent event) {
    return event.getTweetCreateEvent().toByteArray();
  }

  private static byte[] changed(Random random, byte[] bytes) {
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(bytes.length);
      bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(0x60));
    }
    return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  /** At most 127 bytes of fields, most of them the required ones, well formed or nearly so. */
  private static byte[] randomFields(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int field = random.nextInt(8); field >= 0; field--) {
      boolean odd = random.nextInt(8) == 0;
      int number = 1 + random.nextInt(random.nextBoolean() ? 3 : 12);
      int type = odd ? random.nextInt(7) : 0;
      out.write(number << 3 | type);
      switch (type) {
        case 1 -> out.writeBytes(new byte[8]);
        case 2 -> out.writeBytes(new byte[] {2, 8, 1});
        case 3 -> out.writeBytes(new byte[] {8, 1, (byte) (number << 3 | 4)});
        case 5 -> out.writeBytes(new byte[4]);
        default -> {
          // Ten bytes at most: protobuf's fast path ends an overlong varint in its middle.
          int more = odd ? random.nextInt(10) : random.nextInt(3);
          for (int i = 0; i < more; i++) {
            out.write(0x80 | random.nextInt(128));
          }
          out.write(random.nextInt(128));
        }
      }
    }
    byte[] fields = out.toByteArray();
    return fields.length < 128 ? fields : Arrays.copyOf(fields, 127);
  }

  private static InNetworkEvent randomEvent(Random random) {
    InNetworkEvent.Builder event = InNetworkEvent.newBuilder();
    if (random.nextInt(4) == 0) {
      TweetDeleteEvent.Builder delete = event.getTweetDeleteEventBuilder().setPostId(id(random));
      if (random.nextBoolean()) {
        delete.setDeletedAt(id(random));
      }
      if (random.nextBoolean()) {
        delete.setAuthorId(id(random));
      }
      return event.build();
    }
    TweetCreateEvent.Builder create =
        event
            .getTweetCreateEventBuilder()
            .setPostId(id(random))
            .setAuthorId(id(random))
            .setCreatedAt(id(random))
            .setIsRetweet(random.nextBoolean())
            .setIsReply(random.nextBoolean())
            .setHasVideo(random.nextBoolean());
    if (random.nextBoolean()) {
      create.setInReplyToPostId(id(random));
    }
    if (random.nextBoolean()) {
      create.setInReplyToUserId(id(random));
    }
    if (random.nextBoolean()) {
      create.setSourcePostId(id(random));
    }
    if (random.nextBoolean()) {
      create.setSourceUserId(id(random));
    }
    if (random.nextBoolean()) {
      create.setConversationId(id(random));
    }
    return event.build();
  }

  private static long id(Random random) {
    return Math.max(1, random.nextLong() >>> (1 + random.nextInt(62)));
  }
}
