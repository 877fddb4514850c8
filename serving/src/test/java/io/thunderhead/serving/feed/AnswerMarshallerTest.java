package io.thunderhead.serving.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Completeness;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.StopSignal;
import io.thunderhead.store.StoreConfig;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswerMarshallerTest {
  private static final long NOW = 1_700_000_000;

  private final PostStore store = new PostStore(StoreConfig.defaults());
  private final EncodedAnswer answer = new EncodedAnswer();

  @Test
  void stream_drainedOrRead_isTheProtobufMessage() throws Exception {
    TestPosts.create(store, 11, 1, NOW - 10, NOW);
    TestPosts.create(store, 12, 1, NOW - 5, NOW);
    ReadQuery query = new ReadQuery();
    query.follows = new long[] {1, 2};
    query.followCount = 2;
    query.maxResults = 10;
    var result = store.newReader().read(query, NOW, StopSignal.NEVER);
    answer.encode(result, 2, 1, 123, List.of("stale", "log_gap"));

    ByteArrayOutputStream drained = new ByteArrayOutputStream();
    var stream = new AnswerMarshaller.AnswerStream(answer.bytes(), answer.length());
    assertThat(stream.available()).isEqualTo(answer.length());
    assertThat(stream.read()).isEqualTo(0x0a);
    drained.write(0x0a);
    assertThat(stream.drainTo(drained)).isEqualTo(answer.length() - 1);
    assertThat(stream.available()).isZero();
    assertThat(drained.toByteArray())
        .isEqualTo(new AnswerMarshaller().stream(answer).readAllBytes());

    GetInNetworkPostsResponse parsed = GetInNetworkPostsResponse.parseFrom(drained.toByteArray());
    assertThat(parsed.getPostsList()).extracting(p -> p.getPostId()).containsExactly(12L, 11L);
    assertThat(parsed.getCompleteness())
        .isEqualTo(
            Completeness.newBuilder()
                .setAuthorsRequested(2)
                .setAuthorsSearched(1)
                .setAsOfMs(123)
                .addCutReasons("stale")
                .addCutReasons("log_gap")
                .build());
  }

  @Test
  void encode_nothingFoundAndNothingCut_saysComplete() throws Exception {
    var result = store.newReader().read(new ReadQuery(), NOW, StopSignal.NEVER);
    answer.encode(result, 0, 0, 0, List.of());
    assertThat(
            GetInNetworkPostsResponse.parseFrom(new AnswerMarshaller().stream(answer))
                .getCompleteness())
        .isEqualTo(Completeness.newBuilder().setComplete(true).build());
  }
}
