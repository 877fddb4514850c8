package io.thunderhead.pipeline.edge;

import static io.thunderhead.pipeline.edge.JsonFields.at;
import static io.thunderhead.pipeline.edge.JsonFields.positive;
import static io.thunderhead.pipeline.edge.JsonFields.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.Verb;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * Statuses of Twitter's API v1.1, from files and streams. Ids are taken from the {@code _str}
 * fields, since programs in between may have rounded the numbers. A status with a {@code
 * retweeted_status} is a share; one that quotes is a post; a delete notice is a delete.
 */
final class TwitterV11Parser implements RecordParser {
  private static final DateTimeFormatter CREATED_AT =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", Locale.ENGLISH);
  private static final Set<String> CONTROL_MESSAGES =
      Set.of(
          "limit",
          "warning",
          "disconnect",
          "status_withheld",
          "user_withheld",
          "scrub_geo",
          "friends",
          "event");

  @Override
  public ParsedRecord parse(byte[] line, int length) {
    try {
      JsonNode status = JsonFields.object(line, length);
      if (status.path("delete").isObject()) {
        return delete(status.path("delete"), line, length);
      }
      if (isControlMessage(status)) {
        return new ParsedRecord.Filtered(FilterReason.CONTROL_MESSAGE);
      }
      return status(status, line, length);
    } catch (UnusableRecordException e) {
      return new ParsedRecord.Malformed(e.fault());
    }
  }

  private static boolean isControlMessage(JsonNode message) {
    return !message.has("id_str")
        && !message.has("id")
        && message.properties().stream().anyMatch(p -> CONTROL_MESSAGES.contains(p.getKey()));
  }

  private static ParsedRecord delete(JsonNode delete, byte[] line, int length)
      throws UnusableRecordException {
    JsonNode status = delete.path("status");
    String timestampMs = text(delete, "timestamp_ms");
    long seconds = timestampMs.matches("\\d{4,18}") ? Long.parseLong(timestampMs) / 1000 : 0;
    return new ActivityDraft("twitter", Verb.VERB_DELETE, line, length)
        .post(id(status, "id"))
        .author(id(status, "user_id"))
        .createdAt(seconds)
        .accept();
  }

  private static ParsedRecord status(JsonNode status, byte[] line, int length)
      throws UnusableRecordException {
    JsonNode retweeted = status.path("retweeted_status");
    boolean retweet = retweeted.isObject();
    ActivityDraft draft =
        new ActivityDraft("twitter", retweet ? Verb.VERB_SHARE : Verb.VERB_POST, line, length)
            .post(id(status, "id"))
            .author(id(status.path("user"), "id"))
            .createdAt(seconds(text(status, "created_at")))
            .language(text(status, "lang"));
    if (retweet) {
      draft.shareOf(id(retweeted, "id"), id(retweeted.path("user"), "id"));
    } else {
      draft.inReplyTo(id(status, "in_reply_to_status_id"), id(status, "in_reply_to_user_id"));
    }
    JsonNode whole =
        status.path("extended_tweet").isObject() ? status.path("extended_tweet") : status;
    String fullText = text(whole, "full_text");
    draft.optional().setText(fullText.isEmpty() ? text(status, "text") : fullText);
    if (at(status, "user", "followers_count").isIntegralNumber()) {
      draft.optional().setFollowers(positive(status, "user", "followers_count"));
      draft.optional().setFollowing(positive(status, "user", "friends_count"));
    }
    addUrls(draft, at(whole, "entities", "urls"));
    JsonNode extended = at(whole, "extended_entities", "media");
    addMedia(draft, extended.isArray() ? extended : at(whole, "entities", "media"));
    return draft.accept();
  }

  /** Entities of v1.1, as Gnip's {@code twitter_entities} also have them. */
  static void addUrls(ActivityDraft draft, JsonNode urls) {
    for (JsonNode url : urls) {
      String expanded = text(url, "expanded_url");
      draft.url(expanded.isEmpty() ? text(url, "url") : expanded);
    }
  }

  /** The plain entities call every item a photo; only the extended ones know videos. */
  static void addMedia(ActivityDraft draft, JsonNode media) {
    for (JsonNode item : media) {
      switch (text(item, "type")) {
        case "video" ->
            draft.media(Media.Type.TYPE_VIDEO, positive(item, "video_info", "duration_millis"));
        case "animated_gif" -> draft.media(Media.Type.TYPE_ANIMATED_GIF, 0);
        case "photo" -> draft.media(Media.Type.TYPE_PHOTO, 0);
        default -> draft.media(Media.Type.TYPE_UNSPECIFIED, 0);
      }
    }
  }

  /** The id in {@code name_str}, else in {@code name}; empty if there is none. */
  private static String id(JsonNode node, String name) throws UnusableRecordException {
    String id = text(node, name + "_str");
    if (id.isEmpty() && node.hasNonNull(name)) {
      id = node.path(name).asText();
    }
    if (!id.isEmpty() && !id.matches("[1-9]\\d{0,18}")) {
      throw new UnusableRecordException(RecordFault.BAD_ID);
    }
    return id;
  }

  private static long seconds(String createdAt) {
    try {
      return OffsetDateTime.parse(createdAt, CREATED_AT).toEpochSecond();
    } catch (DateTimeException e) {
      return 0;
    }
  }
}
