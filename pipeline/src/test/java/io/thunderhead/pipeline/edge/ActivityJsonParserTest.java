package io.thunderhead.pipeline.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.PostReference;
import io.thunderhead.protocol.v1.Verb;
import org.junit.jupiter.api.Test;

class ActivityJsonParserTest extends ParserTest {
  ActivityJsonParserTest() {
    super(RecordFormat.NDJSON);
  }

  @Test
  void activity_asProtobufPrintsIt_comesBack() throws Exception {
    Activity activity =
        Activity.newBuilder()
            .setPublisher("mine")
            .setNativeId("10")
            .setPostId(10)
            .setAuthorId(20)
            .setVerb(Verb.VERB_SHARE)
            .setCreatedAt(1000)
            .setText("hi")
            .setShareOf(PostReference.newBuilder().setPostId(5).setAuthorId(6))
            .build();
    String json = JsonFormat.printer().omittingInsignificantWhitespace().print(activity);
    assertThat(accepted(json)).isEqualTo(activity);
  }

  @Test
  void numbers_thatAreLeftOut_comeFromTheNativeIds() {
    Activity reply =
        accepted(
            """
            {"verb":"VERB_POST","nativeId":"my:1","nativeAuthorId":"7","createdAt":"1000",
             "inReplyTo":{"nativeId":"my:0"},"conversation":{"nativeId":"my:0"},"later":{"a":1}}
            """);
    assertThat(reply.getPostId()).isEqualTo(NativeIds.toLong("my:1"));
    assertThat(reply.getAuthorId()).isEqualTo(7);
    assertThat(reply.getInReplyTo().getPostId()).isEqualTo(NativeIds.toLong("my:0"));
    assertThat(reply.getConversation().getPostId()).isEqualTo(NativeIds.toLong("my:0"));
  }

  @Test
  void activity_withoutWhatItNeeds_isMalformedForIt() {
    assertMalformed(RecordFault.NOT_JSON, "{");
    assertMalformed(RecordFault.NOT_JSON, "{\"verb\":" + "[".repeat(200_000));
    assertMalformed(RecordFault.NO_VERB, "{}");
    assertMalformed(RecordFault.NO_VERB, "{\"verb\":\"VERB_SING\"}");
    assertMalformed(RecordFault.NO_ID, "{\"verb\":\"VERB_POST\",\"authorId\":1,\"createdAt\":1}");
    assertMalformed(RecordFault.BAD_ID, "{\"verb\":\"VERB_POST\",\"postId\":-1}");
    assertMalformed(RecordFault.NO_AUTHOR, "{\"verb\":\"VERB_POST\",\"postId\":1}");
    assertMalformed(
        RecordFault.NO_CREATED_AT, "{\"verb\":\"VERB_POST\",\"postId\":1,\"authorId\":1}");
    assertMalformed(
        RecordFault.NO_SOURCE,
        "{\"verb\":\"VERB_SHARE\",\"postId\":1,\"authorId\":1,\"createdAt\":1}");
    assertThat(accepted("{\"verb\":\"VERB_DELETE\",\"postId\":1}").getCreatedAt()).isZero();
  }
}
