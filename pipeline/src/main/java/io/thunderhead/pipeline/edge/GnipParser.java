package io.thunderhead.pipeline.edge;

import static io.thunderhead.pipeline.edge.JsonFields.at;
import static io.thunderhead.pipeline.edge.JsonFields.isoSeconds;
import static io.thunderhead.pipeline.edge.JsonFields.positive;
import static io.thunderhead.pipeline.edge.JsonFields.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.thunderhead.protocol.v1.Verb;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Activity Streams as Gnip sends them, for several publishers, each with ways of its own:
 *
 * <ul>
 *   <li>Twitter's ids are numbers at the end of a tag; they are taken as numbers. {@code inReplyTo}
 *       is only a link, whose user is looked up among the mentions. Videos are only in the extended
 *       entities.
 *   <li>Disqus gives every activity an id of its own; the comment is the {@code object}. Updates
 *       are filtered, and so are posts by the anonymous account, whose id ends in {@code /-1}.
 *   <li>StockTwits has the time only in the {@code object}, and its {@code object.id} in a form
 *       that replies don't use.
 *   <li>Tumblr's reblogs have the verb {@code post}; they are shares of the post that the link of
 *       their root, else of where they are from, names by number. Its author is unknown.
 * </ul>
 */
final class GnipParser implements RecordParser {
  private static final Pattern PUBLISHER =
      Pattern.compile("tag:(?:gnip\\.|search\\.)?([a-z0-9-]+)\\.com[,:].+");
  private static final Pattern TWITTER_ID = Pattern.compile(".*:([1-9]\\d{0,18})");
  private static final Pattern TWITTER_LINK =
      Pattern.compile("https?://(?:www\\.)?twitter\\.com/([^/]+)/status(?:es)?/([1-9]\\d{0,18})");
  private static final Pattern TUMBLR_LINK = Pattern.compile("https?://[^/]+/post/(\\d+)(?:/.*)?");
  private static final String TUMBLR_POST = "tag:gnip.tumblr.com:2012:post/";
  private static final String ANONYMOUS = "/-1";

  @Override
  public ParsedRecord parse(byte[] line, int length) {
    try {
      JsonNode activity = JsonFields.object(line, length);
      if (!activity.has("verb") && (activity.has("info") || activity.has("warn"))) {
        return new ParsedRecord.Filtered(FilterReason.CONTROL_MESSAGE);
      }
      return switch (text(activity, "verb")) {
        case "post" ->
            accept(isReblog(activity) ? Verb.VERB_SHARE : Verb.VERB_POST, activity, line, length);
        case "share" -> accept(Verb.VERB_SHARE, activity, line, length);
        case "delete" -> accept(Verb.VERB_DELETE, activity, line, length);
        case "update" -> new ParsedRecord.Filtered(FilterReason.UPDATE);
        case "" -> throw new UnusableRecordException(RecordFault.NO_VERB);
        default -> new ParsedRecord.Filtered(FilterReason.OTHER_EVENT);
      };
    } catch (UnusableRecordException e) {
      return new ParsedRecord.Malformed(e.fault());
    }
  }

  private static boolean isReblog(JsonNode activity) {
    return activity.has("tumblrRebloggedRoot") || activity.has("tumblrRebloggedFrom");
  }

  private static ParsedRecord accept(Verb verb, JsonNode activity, byte[] line, int length)
      throws UnusableRecordException {
    String tag = text(activity, "id");
    if (tag.isEmpty()) {
      throw new UnusableRecordException(RecordFault.NO_ID);
    }
    Matcher publisher = PUBLISHER.matcher(tag);
    if (!publisher.matches()) {
      throw new UnusableRecordException(RecordFault.BAD_ID);
    }
    boolean twitter = publisher.group(1).equals("twitter");
    String author = userId(text(activity, "actor", "id"), twitter);
    if (author.endsWith(ANONYMOUS) && verb != Verb.VERB_DELETE) {
      return new ParsedRecord.Filtered(FilterReason.ANONYMOUS_AUTHOR);
    }
    String postedTime = text(activity, "postedTime");
    ActivityDraft draft =
        new ActivityDraft(publisher.group(1), verb, line, length)
            .post(postId(verb, tag, text(activity, "object", "id"), twitter))
            .author(known(author))
            .createdAt(
                isoSeconds(
                    postedTime.isEmpty() ? text(activity, "object", "postedTime") : postedTime));
    if (verb == Verb.VERB_SHARE) {
      addSource(draft, activity, twitter);
    } else if (verb == Verb.VERB_POST) {
      addParent(draft, activity, twitter);
    }
    if (verb != Verb.VERB_DELETE) {
      addContent(draft, activity);
    }
    return draft.accept();
  }

  private static String postId(Verb verb, String tag, String objectId, boolean twitter)
      throws UnusableRecordException {
    if (twitter) {
      return twitterId(verb == Verb.VERB_DELETE && !objectId.isEmpty() ? objectId : tag);
    }
    return objectId.startsWith("tag:") ? objectId : tag;
  }

  private static void addSource(ActivityDraft draft, JsonNode activity, boolean twitter)
      throws UnusableRecordException {
    if (twitter) {
      draft.shareOf(
          twitterId(text(activity, "object", "id")),
          userId(text(activity, "object", "actor", "id"), true));
      return;
    }
    String link = text(activity, "tumblrRebloggedRoot", "link");
    Matcher source =
        TUMBLR_LINK.matcher(link.isEmpty() ? text(activity, "tumblrRebloggedFrom", "link") : link);
    if (source.matches()) {
      draft.shareOf(TUMBLR_POST + source.group(1), "");
    } else {
      draft.shareOf(text(activity, "object", "id"), known(text(activity, "object", "actor", "id")));
    }
  }

  private static void addParent(ActivityDraft draft, JsonNode activity, boolean twitter) {
    JsonNode parent = activity.path("inReplyTo");
    if (!twitter) {
      draft.inReplyTo(text(parent, "id"), known(text(parent, "author", "id")));
      return;
    }
    Matcher link = TWITTER_LINK.matcher(text(parent, "link"));
    if (link.matches()) {
      draft.inReplyTo(link.group(2), mentioned(activity, link.group(1)));
    }
  }

  private static String mentioned(JsonNode activity, String screenName) {
    for (JsonNode user : at(activity, "twitter_entities", "user_mentions")) {
      if (text(user, "screen_name").equalsIgnoreCase(screenName)) {
        return text(user, "id_str");
      }
    }
    return "";
  }

  private static void addContent(ActivityDraft draft, JsonNode activity) {
    draft.optional().setText(text(activity, "body"));
    draft.language(text(activity, "gnip", "language", "value"));
    JsonNode urls = at(activity, "gnip", "urls");
    TwitterV11Parser.addUrls(
        draft, urls.isArray() ? urls : at(activity, "twitter_entities", "urls"));
    JsonNode extended = at(activity, "twitter_extended_entities", "media");
    TwitterV11Parser.addMedia(
        draft, extended.isArray() ? extended : at(activity, "twitter_entities", "media"));
    if (at(activity, "actor", "followersCount").isIntegralNumber()) {
      draft.optional().setFollowers(positive(activity, "actor", "followersCount"));
    }
    for (String following : new String[] {"friendsCount", "followingCount"}) {
      if (at(activity, "actor", following).isIntegralNumber()) {
        draft.optional().setFollowing(positive(activity, "actor", following));
      }
    }
  }

  private static String known(String author) {
    return author.endsWith(ANONYMOUS) ? "" : author;
  }

  private static String userId(String id, boolean twitter) throws UnusableRecordException {
    return twitter && !id.isEmpty() ? twitterId(id) : id;
  }

  private static String twitterId(String tag) throws UnusableRecordException {
    Matcher id = TWITTER_ID.matcher(tag);
    if (!id.matches()) {
      throw new UnusableRecordException(tag.isEmpty() ? RecordFault.NO_ID : RecordFault.BAD_ID);
    }
    return id.group(1);
  }
}
