package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.thunderhead.protocol.v1.Verb;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of the Higgs activity set: {@code userA userB unix_seconds type}, where A retweets (RT),
 * replies to (RE) or mentions (MT) B. They have no post ids and no texts: a row's post has the
 * native id {@code higgs:A:B:seconds:type}, and of the retweeted post or the parent only the author
 * is known. A mention becomes a plain post.
 */
final class HiggsParser implements RecordParser {
  private static final Pattern ROW =
      Pattern.compile("([1-9]\\d{0,17}) ([1-9]\\d{0,17}) (\\d{1,12}) (RT|MT|RE)");
  private static final int MAX_ROW_BYTES = 60;

  @Override
  public ParsedRecord parse(byte[] line, int length) {
    try {
      Matcher row = ROW.matcher(length <= MAX_ROW_BYTES ? row(line, length) : "");
      if (!row.matches()) {
        throw new UnusableRecordException(RecordFault.NOT_A_ROW);
      }
      String type = row.group(4);
      boolean retweet = type.equals("RT");
      ActivityDraft draft =
          new ActivityDraft("higgs", retweet ? Verb.VERB_SHARE : Verb.VERB_POST, line, length)
              .post("higgs:" + row.group().replace(' ', ':'))
              .author(row.group(1))
              .createdAt(Long.parseLong(row.group(3)));
      if (retweet) {
        draft.shareOf("", row.group(2));
      } else if (type.equals("RE")) {
        draft.inReplyTo("", row.group(2));
      }
      return draft.accept();
    } catch (UnusableRecordException e) {
      return new ParsedRecord.Malformed(e.fault());
    }
  }

  /** Whether a line looks like a row of this format. */
  static boolean isRow(byte[] line, int length) {
    return length <= MAX_ROW_BYTES && ROW.matcher(row(line, length)).matches();
  }

  private static String row(byte[] line, int length) {
    return new String(line, 0, length, ISO_8859_1);
  }
}
