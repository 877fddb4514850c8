package io.thunderhead.protocol.thrift;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TweetEventWriterTest {
  private final TweetEventWriter writer = new TweetEventWriter();
  private final TweetEventReader reader = new TweetEventReader();

  @Test
  void writeCreate_ofAReply_isTheContractsExample() {
    TweetFields tweet = new TweetFields();
    tweet.postId = 1_500_000_000_000_000_003L;
    tweet.userId = 43;
    tweet.coreUserId = 43;
    tweet.text = "text".getBytes(UTF_8);
    tweet.createdAtSeconds = 1_790_000_000;
    tweet.hasReply = true;
    tweet.inReplyToUserId = 42;
    tweet.timestampMs = 1_790_000_000_123L;
    writer.writeCreate(tweet);
    assertThat(HexFormat.of().formatHex(writer.toByteArray()))
        .isEqualTo(
            "0c00010c00010c00010a000114d1120d7b1600030c00020a0001000000000000002b0b0002000000047465"
                + "78740a0004000000006ab13b800c00050a0002000000000000002a0000000c00020a000100000000"
                + "0000002b0000000c00020a0002000001a0c4506c7b0000");
  }

  @Test
  void writeCreate_ofAnyFields_readsBack() throws Exception {
    Random random = new Random(5);
    TweetFields tweet = new TweetFields();
    for (int round = 0; round < 20_000; round++) {
      tweet.clear();
      tweet.postId = id(random);
      tweet.userId = id(random);
      tweet.coreUserId = random.nextBoolean() ? tweet.userId : 0;
      tweet.text = random.nextBoolean() ? new byte[random.nextInt(2000)] : null;
      tweet.createdAtSeconds = 1L + random.nextInt(Integer.MAX_VALUE);
      tweet.hasReply = random.nextBoolean();
      tweet.inReplyToPostId = tweet.hasReply ? maybeId(random) : 0;
      tweet.inReplyToUserId = tweet.hasReply ? maybeId(random) : 0;
      tweet.hasShare = random.nextBoolean();
      tweet.sourcePostId = tweet.hasShare ? maybeId(random) : 0;
      tweet.sourceUserId = tweet.hasShare ? maybeId(random) : 0;
      tweet.nullcast = random.nextBoolean();
      tweet.conversationId = maybeId(random);
      tweet.images = random.nextInt(2);
      tweet.animatedGifs = random.nextInt(2);
      tweet.videos = random.nextInt(2);
      tweet.videoDurationMs = 4990 + random.nextInt(20);
      tweet.timestampMs = maybeId(random);
      int length = writer.writeCreate(tweet);

      reader.read(writer.buffer(), 0, length);
      assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.CREATE);
      assertThat(reader.postId()).isEqualTo(tweet.postId);
      assertThat(reader.authorId()).isEqualTo(tweet.userId);
      assertThat(reader.createdAtSeconds()).isEqualTo(tweet.createdAtSeconds);
      assertThat(reader.hasReply()).isEqualTo(tweet.hasReply);
      assertThat(reader.inReplyToPostId()).isEqualTo(tweet.inReplyToPostId);
      assertThat(reader.inReplyToUserId()).isEqualTo(tweet.inReplyToUserId);
      assertThat(reader.hasShare()).isEqualTo(tweet.hasShare);
      assertThat(reader.sourcePostId()).isEqualTo(tweet.sourcePostId);
      assertThat(reader.sourceUserId()).isEqualTo(tweet.sourceUserId);
      assertThat(reader.nullcast()).isEqualTo(tweet.nullcast);
      assertThat(reader.conversationId()).isEqualTo(tweet.conversationId);
      assertThat(reader.timestampMs()).isEqualTo(tweet.timestampMs);
      boolean alone = tweet.images == 0 && tweet.animatedGifs == 0;
      assertThat(reader.video())
          .isEqualTo(alone && tweet.videos == 1 && tweet.videoDurationMs >= 5000);
    }
  }

  private static long id(Random random) {
    return Math.max(1, random.nextLong() >>> (1 + random.nextInt(60)));
  }

  private static long maybeId(Random random) {
    return random.nextBoolean() ? id(random) : 0;
  }
}
