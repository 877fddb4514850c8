package io.thunderhead.pipeline.edge;

import static io.thunderhead.pipeline.edge.JsonFields.at;
import static io.thunderhead.pipeline.edge.JsonFields.isoSeconds;
import static io.thunderhead.pipeline.edge.JsonFields.positive;
import static io.thunderhead.pipeline.edge.JsonFields.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.thunderhead.protocol.v1.Media;
import io.thunderhead.protocol.v1.Verb;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Frames of Bluesky's Jetstream v1. A post's native id is its {@code at://did/collection/rkey} and
 * its author's the did. {@code createdAt} is whatever the author's program wrote: it counts only if
 * it is no later than the frame's own time, which is what deletes have too. Durations of videos are
 * not in the frames.
 */
final class JetstreamParser implements RecordParser {
  private static final String POST = "app.bsky.feed.post";
  private static final String REPOST = "app.bsky.feed.repost";
  private static final Pattern AT_URI = Pattern.compile("at://(did:[^/]+)/[^/]+/[^/]+");
  private static final long MICROS_PER_SECOND = 1_000_000;

  @Override
  public ParsedRecord parse(byte[] line, int length) {
    try {
      JsonNode frame = JsonFields.object(line, length);
      return switch (text(frame, "kind")) {
        case "commit" -> commit(frame, line, length);
        case "identity" -> new ParsedRecord.Filtered(FilterReason.IDENTITY);
        case "account" -> new ParsedRecord.Filtered(FilterReason.ACCOUNT);
        case "" -> throw new UnusableRecordException(RecordFault.NO_VERB);
        default -> new ParsedRecord.Filtered(FilterReason.OTHER_EVENT);
      };
    } catch (UnusableRecordException e) {
      return new ParsedRecord.Malformed(e.fault());
    }
  }

  private static ParsedRecord commit(JsonNode frame, byte[] line, int length)
      throws UnusableRecordException {
    JsonNode commit = frame.path("commit");
    String collection = text(commit, "collection");
    boolean repost = collection.equals(REPOST);
    if (!repost && !collection.equals(POST)) {
      return new ParsedRecord.Filtered(FilterReason.OTHER_COLLECTION);
    }
    return switch (text(commit, "operation")) {
      case "create" -> create(repost, frame, line, length);
      case "delete" ->
          draft(Verb.VERB_DELETE, frame, line, length).createdAt(frameSeconds(frame)).accept();
      case "update" -> new ParsedRecord.Filtered(FilterReason.UPDATE);
      case "" -> throw new UnusableRecordException(RecordFault.NO_VERB);
      default -> new ParsedRecord.Filtered(FilterReason.OTHER_EVENT);
    };
  }

  private static ActivityDraft draft(Verb verb, JsonNode frame, byte[] line, int length)
      throws UnusableRecordException {
    String did = text(frame, "did");
    if (did.isEmpty()) {
      throw new UnusableRecordException(RecordFault.NO_AUTHOR);
    }
    String key = text(frame, "commit", "rkey");
    if (key.isEmpty()) {
      throw new UnusableRecordException(RecordFault.NO_ID);
    }
    return new ActivityDraft("bluesky", verb, line, length)
        .post("at://" + did + "/" + text(frame, "commit", "collection") + "/" + key)
        .author(did);
  }

  private static ParsedRecord create(boolean repost, JsonNode frame, byte[] line, int length)
      throws UnusableRecordException {
    JsonNode record = at(frame, "commit", "record");
    long frameSeconds = frameSeconds(frame);
    long createdAt = isoSeconds(text(record, "createdAt"));
    ActivityDraft draft =
        draft(repost ? Verb.VERB_SHARE : Verb.VERB_POST, frame, line, length)
            .createdAt(
                createdAt > 0 && (createdAt <= frameSeconds || frameSeconds == 0)
                    ? createdAt
                    : frameSeconds);
    if (repost) {
      String source = text(record, "subject", "uri");
      return draft.shareOf(source, didOf(source)).accept();
    }
    String parent = text(record, "reply", "parent", "uri");
    String root = text(record, "reply", "root", "uri");
    draft
        .inReplyTo(parent, didOf(parent))
        .conversation(root, didOf(root))
        .language(text(record.path("langs").path(0)))
        .optional()
        .setText(text(record, "text"));
    for (JsonNode facet : record.path("facets")) {
      for (JsonNode feature : facet.path("features")) {
        if (text(feature, "$type").equals("app.bsky.richtext.facet#link")) {
          draft.url(text(feature, "uri"));
        }
      }
    }
    addEmbed(draft, record.path("embed"));
    return draft.accept();
  }

  private static void addEmbed(ActivityDraft draft, JsonNode embed) {
    JsonNode media =
        text(embed, "$type").equals("app.bsky.embed.recordWithMedia") ? embed.path("media") : embed;
    switch (text(media, "$type")) {
      case "app.bsky.embed.images" ->
          media.path("images").forEach(image -> draft.media(Media.Type.TYPE_PHOTO, 0));
      case "app.bsky.embed.video" -> draft.media(Media.Type.TYPE_VIDEO, 0);
      default -> {
        String link = text(media, "external", "uri");
        if (!draft.optional().getUrlsList().contains(link)) {
          draft.url(link);
        }
      }
    }
  }

  private static long frameSeconds(JsonNode frame) {
    return positive(frame, "time_us") / MICROS_PER_SECOND;
  }

  private static String didOf(String uri) {
    Matcher parts = AT_URI.matcher(uri);
    return parts.matches() ? parts.group(1) : "";
  }
}
