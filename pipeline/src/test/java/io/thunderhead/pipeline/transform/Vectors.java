package io.thunderhead.pipeline.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The contract's own examples. */
final class Vectors {
  /** A clock reading at which every example is recent. */
  static final long NOW_MS = 1_790_000_100_000L;

  /**
   * One example.
   *
   * @param output what must come out, or null
   * @param result why nothing comes out, or null
   */
  record Vector(
      String name, ByteString input, @Nullable ByteString output, @Nullable String result) {}

  /** The protocol module holds the one copy. */
  private static final Path CONTRACT =
      Path.of("..", "protocol", "src", "test", "resources", "tweet-event-vectors.jsonl");

  private Vectors() {}

  static List<Vector> all() throws IOException {
    try (InputStream file = Files.newInputStream(CONTRACT)) {
      List<JsonNode> lines =
          new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(file).readAll();
      return lines.stream().map(Vectors::of).toList();
    }
  }

  private static Vector of(JsonNode line) {
    JsonNode output = line.get("in_network_event_hex");
    JsonNode result = line.get("result");
    return new Vector(
        line.get("name").textValue(),
        ByteString.fromHex(line.get("tweet_event_hex").textValue()),
        output == null ? null : ByteString.fromHex(output.textValue()),
        result == null ? null : result.textValue());
  }
}
