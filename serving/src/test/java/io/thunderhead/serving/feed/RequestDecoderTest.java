package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import io.thunderhead.protocol.v1.GetInNetworkPostsRequest;
import io.thunderhead.protocol.v1.PerAuthorLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RequestDecoderTest {
  private final RequestDecoder decoder = new RequestDecoder(FeedConfig.defaults());

  @Test
  void decode_everyField() throws Exception {
    decode(
        GetInNetworkPostsRequest.newBuilder()
            .setUserId(7)
            .addFollowingUserIds(3)
            .addFollowingUserIds(Long.MAX_VALUE)
            .addExcludeTweetIds(9)
            .setMaxResults(5_000)
            .setAlgorithm("latest")
            .setDebug(true)
            .setIsVideoRequest(true)
            .setPerAuthorLimits(
                PerAuthorLimits.newBuilder()
                    .setMaxPostsPerAuthor(0)
                    .setMaxRepliesRepostsPerAuthor(-1))
            .build());
    assertThat(decoder.userId()).isEqualTo(7);
    assertThat(ids(decoder.following())).containsExactly(3, Long.MAX_VALUE);
    assertThat(ids(decoder.excludes())).containsExactly(9);
    assertThat(decoder.maxResults()).isEqualTo(5_000);
    assertThat(decoder.video()).isTrue();
    assertThat(decoder.debug()).isTrue();
    assertThat(decoder.maxPostsPerAuthor()).isZero();
    assertThat(decoder.maxRepliesPerAuthor()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void decode_emptyRequest_hasTheDefaultsAndNothingOfTheOneBefore() throws Exception {
    decode(
        GetInNetworkPostsRequest.newBuilder()
            .setUserId(7)
            .addFollowingUserIds(3)
            .setIsVideoRequest(true)
            .build());
    assertThat(decoder.maxResults()).isEqualTo(600);
    decode(GetInNetworkPostsRequest.getDefaultInstance());
    assertThat(decoder.userId()).isZero();
    assertThat(decoder.following().count()).isZero();
    assertThat(decoder.maxResults()).isEqualTo(1_200);
    assertThat(decoder.maxPostsPerAuthor()).isEqualTo(Integer.MAX_VALUE);
    assertThat(decoder.video()).isFalse();
  }

  @Test
  void decode_unpackedIdsAndUnknownFields_areTaken() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeUInt64(2, 4);
    out.writeUInt64(2, 5);
    out.writeString(99, "later");
    out.writeFixed64(1, 12); // Another wire type: as protobuf's own classes, not this field.
    out.flush();
    decode(bytes.toByteArray());
    assertThat(ids(decoder.following())).containsExactly(4, 5);
    assertThat(decoder.userId()).isZero();
  }

  @Test
  void decode_repeatedIds_countOnce() throws Exception {
    decode(
        GetInNetworkPostsRequest.newBuilder()
            .addAllFollowingUserIds(
                LongStream.range(0, 1_000_000).map(i -> 1 + i % 100_000).boxed().toList())
            .build());
    assertThat(decoder.following().count()).isEqualTo(100_000);
  }

  @Test
  void decode_tooManyDistinctIds_namesFieldAndLimit() {
    var ids = LongStream.rangeClosed(1, 100_001).boxed().toList();
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addAllFollowingUserIds(ids).build(),
        "following_user_ids: more than 100000 distinct ids");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addAllExcludeTweetIds(ids).build(),
        "exclude_tweet_ids: more than 100000 distinct ids");
  }

  @Test
  void decode_outOfRange_namesFieldAndLimit() {
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().setUserId(Long.MIN_VALUE).build(),
        "user_id: must be below 2^63");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addFollowingUserIds(0).build(),
        "following_user_ids: ids must be above 0 and below 2^63");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().addExcludeTweetIds(-1).build(),
        "exclude_tweet_ids: ids must be above 0 and below 2^63");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().setMaxResults(5_001).build(),
        "max_results: must be at most 5000");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().setMaxResults(-1).build(),
        "max_results: must be at most 5000");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().setAlgorithm("best").build(),
        "algorithm: must be empty, \"recent\", \"default\" or \"latest\"");
    assertInvalid(
        GetInNetworkPostsRequest.newBuilder().setAlgorithm("x".repeat(100_000)).build(),
        "algorithm: must be empty, \"recent\", \"default\" or \"latest\"");
  }

  @Test
  void decode_anyTruncation_isTakenOrInvalidAndNeverAnythingElse() throws IOException {
    byte[] whole =
        GetInNetworkPostsRequest.newBuilder()
            .setUserId(7)
            .addAllFollowingUserIds(Collections.nCopies(20, 1L << 62))
            .setAlgorithm("recent")
            .setPerAuthorLimits(PerAuthorLimits.newBuilder().setMaxPostsPerAuthor(300))
            .build()
            .toByteArray();
    int invalid = 0;
    for (int length = 0; length < whole.length; length++) {
      try {
        decode(Arrays.copyOf(whole, length));
      } catch (InvalidRequestException e) {
        invalid++;
      }
    }
    assertThat(invalid).isGreaterThan(whole.length / 2);
    assertThatThrownBy(() -> decode(new byte[] {0x12, (byte) 0xff, (byte) 0xff, 0x7f}))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("the request is not a valid protobuf message");
  }

  private void assertInvalid(GetInNetworkPostsRequest request, String message) {
    assertThatThrownBy(() -> decode(request))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(message);
  }

  private void decode(GetInNetworkPostsRequest request) throws InvalidRequestException {
    decode(request.toByteArray());
  }

  private void decode(byte[] bytes) throws InvalidRequestException {
    decoder.decode(bytes, bytes.length);
  }

  private static long[] ids(IdList list) {
    return Arrays.copyOf(list.ids(), list.count());
  }
}
