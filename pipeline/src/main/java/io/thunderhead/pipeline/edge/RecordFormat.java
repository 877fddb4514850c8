package io.thunderhead.pipeline.edge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The forms in which recorded posts come, one record per line each. */
public enum RecordFormat {
  /** Whichever of the others the first line that is known is of. */
  AUTO("auto"),
  /** Rows of the SNAP Higgs activity set. */
  HIGGS("higgs"),
  /** Statuses of Twitter's API v1.1. */
  TWITTER_V11("twitter-v11"),
  /** Activity Streams as Gnip sends them. */
  GNIP("gnip"),
  /** Frames of Bluesky's Jetstream v1. */
  JETSTREAM("jetstream"),
  /** Our own activities as protobuf's JSON. */
  NDJSON("ndjson");

  private final String label;

  RecordFormat(String label) {
    this.label = label;
  }

  /** The format's name on the command line. */
  public String label() {
    return label;
  }

  /** The format of that name; the error names all there are. */
  public static RecordFormat of(String label) {
    for (RecordFormat format : values()) {
      if (format.label.equals(label)) {
        return format;
      }
    }
    String known = Arrays.stream(values()).map(f -> f.label).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("format must be one of " + known + ", is " + label);
  }

  /** A parser of this format, which any number of threads may share. */
  public RecordParser newParser() {
    return switch (this) {
      case AUTO -> throw new IllegalStateException("the format is not detected yet");
      case HIGGS -> new HiggsParser();
      case TWITTER_V11 -> new TwitterV11Parser();
      case GNIP -> new GnipParser();
      case JETSTREAM -> new JetstreamParser();
      case NDJSON -> new ActivityJsonParser();
    };
  }

  /** The format that a line is of, or {@link #AUTO} if it is of none that is known. */
  public static RecordFormat detect(byte[] line, int length) {
    if (HiggsParser.isRow(line, length)) {
      return HIGGS;
    }
    JsonNode record;
    try {
      record = JsonFields.object(line, length);
    } catch (UnusableRecordException e) {
      return AUTO;
    }
    if (record.has("did") && record.has("kind")) {
      return JETSTREAM;
    }
    if (record.has("verb") && record.has("actor")) {
      return GNIP;
    }
    if (record.has("id_str") || record.path("delete").has("status") || record.has("limit")) {
      return TWITTER_V11;
    }
    return record.has("verb") && (record.has("publisher") || isActivity(record)) ? NDJSON : AUTO;
  }

  private static boolean isActivity(JsonNode record) {
    return record.has("nativeId")
        || record.has("native_id")
        || record.has("postId")
        || record.has("post_id");
  }
}
