package io.thunderhead.pipeline.edge.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thunderhead.pipeline.edge.FilterReason;
import io.thunderhead.pipeline.edge.RecordFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of the safe records, the counts up to them and up to where the journal of recent
 * activities counts, in one file that is replaced as a whole: after a kill they still belong
 * together, so that what is read again counts once.
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record EdgeState(String source, long[] cursors, EdgeCounts counts, RecentJournal.Mark recent) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Reads a file, or nothing if there is none.
   *
   * @throws IOException if it can't be read, or belongs to another source
   */
  static EdgeState load(@Nullable Path file, String source, int connections) throws IOException {
    EdgeState fresh =
        new EdgeState(source, new long[connections], new EdgeCounts(), RecentJournal.Mark.NONE);
    if (file == null || !Files.exists(file)) {
      return fresh;
    }
    JsonNode json = JSON.readTree(Files.readAllBytes(file));
    if (!json.path("source").asText().equals(source)) {
      throw new IOException(
          "%s belongs to the source %s, not to %s; remove it to begin anew (--cursor-file)"
              .formatted(file, json.path("source").asText(), source));
    }
    long[] cursors = new long[connections];
    for (int i = 0; i < connections; i++) {
      cursors[i] = json.path("cursors").path(i).asLong();
    }
    JsonNode recent = json.path("recent");
    return new EdgeState(
        source,
        cursors,
        counts(json),
        new RecentJournal.Mark(recent.path("generation").asLong(), recent.path("bytes").asLong()));
  }

  private static EdgeCounts counts(JsonNode json) {
    EdgeCounts counts = new EdgeCounts();
    counts.accepted(json.path("accepted").asLong());
    counts.duplicate(json.path("duplicate").asLong());
    counts.refusedByTopic(json.path("refused_by_topic").asLong());
    for (FilterReason reason : FilterReason.values()) {
      long count = json.path("filtered").path(reason.label()).asLong();
      if (count > 0) {
        counts.filtered(reason, count);
      }
    }
    for (RecordFault fault : RecordFault.values()) {
      long count = json.path("dead_lettered").path(fault.label()).asLong();
      if (count > 0) {
        counts.deadLettered(fault, count);
      }
    }
    return counts;
  }

  /** Replaces the file, and returns when the disk has it. */
  void save(Path file) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("source", source);
    ArrayNode places = json.putArray("cursors");
    for (long cursor : cursors) {
      places.add(cursor);
    }
    json.put("received", counts.received());
    json.put("accepted", counts.accepted());
    json.put("duplicate", counts.duplicate());
    json.put("refused_by_topic", counts.refusedByTopic());
    ObjectNode filtered = json.putObject("filtered");
    counts.filtered().forEach((reason, count) -> filtered.put(reason.label(), count));
    ObjectNode dead = json.putObject("dead_lettered");
    counts.deadLettered().forEach((fault, count) -> dead.put(fault.label(), count));
    json.putObject("recent").put("generation", recent.generation()).put("bytes", recent.bytes());
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
