package io.thunderhead.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.v1.InNetworkEvent;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract's own examples: {@code TweetEvent} bytes, and what must come of them. */
class TweetEventVectorsTest {
  private static final long NOW = 1_790_000_100;

  private final TweetEventReader reader = new TweetEventReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();

  /** One line of the file. */
  record Vector(String name, JsonNode json) {
    byte[] tweetEvent() {
      return HexFormat.of().parseHex(json.get("tweet_event_hex").textValue());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Vector> vectors() throws IOException {
    try (InputStream file =
        TweetEventVectorsTest.class.getResourceAsStream("/tweet-event-vectors.jsonl")) {
      List<JsonNode> lines =
          new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(file).readAll();
      return lines.stream().map(line -> new Vector(line.get("name").textValue(), line));
    }
  }

  @Test
  void vectors_areAllThere() throws IOException {
    assertThat(vectors()).hasSize(17);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_comesOutAsTheContractSays(Vector vector) throws Exception {
    byte[] bytes = vector.tweetEvent();
    String result = vector.json().path("result").asText("written");
    switch (result) {
      case "dead letter" ->
          assertThatThrownBy(() -> reader.read(bytes, 0, bytes.length))
              .isInstanceOf(MalformedEventException.class);
      case "filtered: nullcast" -> {
        reader.read(bytes, 0, bytes.length);
        assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.CREATE);
        assertThat(reader.nullcast()).isTrue();
      }
      case "filtered: other event" -> {
        reader.read(bytes, 0, bytes.length);
        assertThat(reader.kind()).isEqualTo(TweetEventReader.Kind.OTHER);
      }
      case "written" -> {
        reader.read(bytes, 0, bytes.length);
        assertThat(reader.nullcast()).isFalse();
        writer.write(reader, NOW);
        assertThat(HexFormat.of().formatHex(writer.toByteArray()))
            .isEqualTo(vector.json().get("in_network_event_hex").textValue());
        InNetworkEvent.Builder expected = InNetworkEvent.newBuilder();
        JsonFormat.parser()
            .merge(
                Objects.requireNonNull(vector.json().get("in_network_event")).toString(), expected);
        assertThat(InNetworkEvent.parseFrom(writer.toByteArray())).isEqualTo(expected.build());
      }
      default -> throw new AssertionError("a result that the test doesn't know: " + result);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_cutShortAnywhere_isRejected(Vector vector) {
    byte[] bytes = vector.tweetEvent();
    for (int length = 0; length < bytes.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> reader.read(bytes, 0, cut))
          .as("%d of %d bytes", cut, bytes.length)
          .isInstanceOf(MalformedEventException.class);
    }
  }
}
