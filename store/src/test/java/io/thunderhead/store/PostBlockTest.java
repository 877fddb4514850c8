package io.thunderhead.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** That a block gives back what it was given, though it keeps no id twice. */
final class PostBlockTest {
  private static final long NOW = 1_700_000_000;
  private static final int AUTHOR = 77;

  private final ShortForm form = new ShortForm();
  private final Random random = new Random(9);

  private PostBlock block() {
    return new PostBlock(3, NOW / 1000, 1000, 16_384, 0);
  }

  private int add(PostBlock block, PostFields post) {
    int flags = PostBlock.flags(post);
    form.take(post, PostBlock.fields(post, flags));
    int unit = block.addPost(post, AUTHOR, flags, form);
    assertThat(unit + PostBlock.cellUnits(form)).isEqualTo(block.usedUnits());
    assertThat(block.cellUnits(unit)).isEqualTo(PostBlock.cellUnits(form));
    return unit;
  }

  private static void check(PostBlock block, int unit, PostFields post) {
    byte[] copy = new byte[PostStore.MAX_ENCODED_BYTES + 5 + Varint.SLACK];
    int end = block.copyEncoded(unit, post.authorId, copy, 5);
    assertThat(Arrays.copyOfRange(copy, 5, end))
        .isEqualTo(
            Arrays.copyOfRange(
                post.encoded, post.encodedOffset, post.encodedOffset + post.encodedLength));
    assertThat(block.postId(unit)).isEqualTo(post.postId);
    assertThat(block.authorNumber(unit)).isEqualTo(AUTHOR);
    assertThat(block.created(unit)).isEqualTo(post.createdAt);
    assertThat(block.flags(unit)).isEqualTo(PostBlock.flags(post));
    int fields = PostBlock.fields(post, PostBlock.flags(post));
    assertThat(block.inReplyToPostId(unit)).isEqualTo(post.inReplyToPostId);
    checkField(block, unit, fields, PostBlock.IN_REPLY_TO_USER, post.inReplyToUserId);
    checkField(block, unit, fields, PostBlock.CONVERSATION, post.conversationId);
    checkField(block, unit, fields, PostBlock.SOURCE_POST, post.sourcePostId);
    checkField(block, unit, fields, PostBlock.SOURCE_USER, post.sourceUserId);
  }

  private static void checkField(PostBlock block, int unit, int fields, int field, long value) {
    assertThat(block.field(unit, field)).isEqualTo((fields & field) == 0 ? 0 : value);
  }

  /** Few values, so that ids are often equal to each other. */
  private long id() {
    return switch (random.nextInt(5)) {
      case 0 -> 1 + random.nextInt(3);
      case 1 -> 300 + random.nextInt(3);
      case 2 -> Long.MAX_VALUE - random.nextInt(2);
      default -> random.nextLong() >>> (1 + random.nextInt(40)) | 1;
    };
  }

  private PostFields post() {
    PostFields post = new PostFields();
    post.postId = id();
    post.authorId = random.nextInt(10) == 0 ? post.postId : id();
    post.createdAt = NOW + random.nextInt(1000);
    post.hasVideo = random.nextBoolean();
    if (random.nextBoolean()) {
      post.isReply = true;
      post.inReplyToPostId = random.nextInt(8) == 0 ? post.postId : id();
      post.inReplyToUserId = random.nextInt(4) == 0 ? post.authorId : id();
    }
    if (random.nextInt(3) == 0) {
      post.isRetweet = true;
      post.sourcePostId = id();
      post.sourceUserId = random.nextInt(4) == 0 ? post.authorId : id();
    }
    post.conversationId =
        switch (random.nextInt(4)) {
          case 0 -> post.inReplyToPostId;
          case 1 -> id();
          case 2 -> 0;
          default -> post.postId;
        };
    return post;
  }

  @Test
  void encodedPosts_comeBackByteByByte_withTheirIds() {
    for (int round = 0; round < 20; round++) {
      PostBlock block = block();
      PostFields[] posts = new PostFields[400];
      int[] units = new int[posts.length];
      for (int i = 0; i < posts.length; i++) {
        posts[i] = post();
        EncodedPost.encode(posts[i]);
        units[i] = add(block, posts[i]);
      }
      for (int i = 0; i < posts.length; i++) {
        check(block, units[i], posts[i]);
      }
    }
  }

  @Test
  void formsThatAreNoSuchMessage_comeBackToo() {
    for (int round = 0; round < 5000; round++) {
      PostBlock block = block();
      PostFields post = post();
      EncodedPost.encode(post);
      // As it was, cut off, or with bytes that are something else.
      int changes = random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        post.encoded[random.nextInt(post.encodedLength)] = (byte) random.nextInt();
      }
      post.encodedLength -= random.nextInt(3) == 0 ? random.nextInt(post.encodedLength + 1) : 0;
      post.encoded = Arrays.copyOf(post.encoded, post.encodedLength);
      check(block, add(block, post), post);
    }
  }

  @Test
  void ids_areNotKeptTwice() {
    PostFields post = new PostFields();
    post.postId = 1_890_000_000_000_000_001L;
    post.authorId = 4_000_000_000_000_000_002L;
    post.createdAt = NOW;
    post.isReply = true;
    post.inReplyToPostId = 1_890_000_000_000_000_003L;
    post.inReplyToUserId = 4_000_000_000_000_000_004L;
    post.conversationId = post.inReplyToPostId;
    EncodedPost.encode(post);
    PostBlock block = block();
    int unit = add(block, post);
    check(block, unit, post);
    // Head, four places, and what is encoded without the two ids of nine bytes each.
    assertThat(block.cellUnits(unit)).isEqualTo((16 + 4 + post.encodedLength - 18 + 3) / 4);
  }
}
