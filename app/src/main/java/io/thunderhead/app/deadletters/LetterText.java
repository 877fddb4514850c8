package io.thunderhead.app.deadletters;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.thunderhead.app.config.DeadLettersConfig.PayloadEncoding;
import java.io.PrintStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the command prints. Never a payload: of a letter its digest and its size, of a header that
 * is not ours its name and its size.
 */
final class LetterText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROW = "%-24s %9s  %-20s %9s %9s %12s  %-24s  %s";

  private LetterText() {}

  static void print(LetterCounts counts, boolean json, PrintStream out)
      throws JsonProcessingException {
    if (json) {
      ArrayNode groups = JSON.createArrayNode();
      counts.forEach((group, tally) ->
          groups
              .addObject()
              .put("topic", group.topic())
              .put("partition", group.partition())
              .put("reason", group.reason())
              .put("letters", tally.letters())
              .put("redriven", tally.redriven())
              .put("bytes", tally.bytes())
              .put("first", time(tally.firstMs()))
              .put("last", time(tally.lastMs())));
      out.println(JSON.writeValueAsString(JSON.createObjectNode().set("dead_letters", groups)));
      return;
    }
    out.println(
        ROW.formatted(
            "TOPIC", "PARTITION", "REASON", "LETTERS", "REDRIVEN", "BYTES", "FIRST", "LAST"));
    counts.forEach((group, tally) ->
        out.println(
            ROW.formatted(
                group.topic(),
                group.partition(),
                group.reason(),
                tally.letters(),
                tally.redriven(),
                tally.bytes(),
                time(tally.firstMs()),
                time(tally.lastMs()))));
  }

  static void print(Letter letter, int timesRedriven, boolean json, PrintStream out)
      throws JsonProcessingException {
    ObjectNode all = JSON.createObjectNode();
    all.put("at", letter.place().toString());
    all.put("time", time(letter.message().timestamp()));
    all.put("reason", letter.reason());
    all.put("origin_topic", letter.originTopic());
    all.put("origin_partition", letter.header("origin.partition"));
    all.put("origin_offset", letter.header("origin.offset"));
    all.put("origin_index", letter.header("origin.index"));
    all.put("key", key(letter.message().key()));
    all.put("bytes", letter.bytes().length);
    all.put("cut", letter.isCut());
    all.put("sha256", sha256(letter.bytes()));
    all.put("redriven", timesRedriven);
    all.put("redriven_before_it_died", letter.earlierRedrives());
    ObjectNode headers = all.putObject("headers");
    for (Header one : letter.originHeaders()) {
      headers.put(one.key(), one.value() == null ? -1 : one.value().length);
    }
    if (json) {
      out.println(JSON.writeValueAsString(all));
      return;
    }
    all.properties()
        .forEach(entry ->
            out.println(
                "%-24s %s"
                    .formatted(
                        entry.getKey(),
                        entry.getValue().isObject()
                            ? entry.getValue().toString()
                            : entry.getValue().asText())));
    out.println();
  }

  static void print(Redriven done, boolean json, PrintStream out) throws JsonProcessingException {
    ObjectNode all = JSON.createObjectNode();
    all.put("topic", done.topic());
    all.put("redrive_id", done.redriveId());
    all.put("dry_run", done.dryRun());
    all.put("matched", done.matched());
    all.put("redriven", done.redriven());
    all.put("left_by_limit", done.leftByLimit());
    ObjectNode passedOver = all.putObject("passed_over");
    for (Map.Entry<WayBack.Cause, Long> entry : done.passedOver().entrySet()) {
      passedOver.put(entry.getKey().label(), entry.getValue());
    }
    if (json) {
      out.println(JSON.writeValueAsString(all));
      return;
    }
    out.println(
        "%s of %s: %d of %d letters put back%s"
            .formatted(
                done.redriveId(),
                done.topic(),
                done.redriven(),
                done.matched(),
                done.dryRun() ? ", had this been no dry run" : ""));
    done.passedOver()
        .forEach((cause, count) ->
            out.println("  passed over, %-18s %d".formatted(cause.label(), count)));
    if (done.leftByLimit() > 0) {
      out.println("  left by --limit                 " + done.leftByLimit());
    }
  }

  static byte[] encoded(byte[] payload, PayloadEncoding encoding) {
    return switch (encoding) {
      case RAW -> payload;
      case HEX -> HexFormat.of().formatHex(payload).getBytes(US_ASCII);
      case BASE64 -> Base64.getEncoder().encode(payload);
    };
  }

  private static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  /** Keys of ours are ids in decimal; what else a key is may be anybody's data. */
  private static String key(byte @Nullable [] key) {
    if (key == null) {
      return "none";
    }
    String text = new String(key, US_ASCII);
    return text.matches("-?\\d{1,20}") ? text : key.length + " bytes";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
