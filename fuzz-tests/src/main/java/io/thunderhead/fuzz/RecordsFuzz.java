package io.thunderhead.fuzz;

import static io.thunderhead.fuzz.Bounds.same;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.util.JsonFormat;
import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.pipeline.edge.ParsedRecord;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.RecordParser;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Verb;
import java.util.Arrays;
import java.util.List;

/**
 * Publishers' records: lines of Higgs, Twitter, Gnip and our own form, and frames of Jetstream. The
 * first byte of an input says as which; an accepted one must make a {@code TweetEvent} that is
 * read, and in our own form come back the same.
 */
public final class RecordsFuzz {
  /** Jackson keeps buffers of some 16 KB per thread, and protobuf's JSON parser a tree. */
  private static final Bounds BOUNDS = new Bounds(512 << 10, 200);

  private static final List<RecordFormat> FORMATS =
      Arrays.stream(RecordFormat.values()).filter(one -> one != RecordFormat.AUTO).toList();
  private static final List<RecordParser> PARSERS =
      FORMATS.stream().map(RecordFormat::newParser).toList();
  private static final ActivityToTweetEvent EVENTS = new ActivityToTweetEvent();
  private static final TweetEventReader EVENT = new TweetEventReader();
  private static final RecordParser OWN = RecordFormat.NDJSON.newParser();

  private RecordsFuzz() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    int which = Math.floorMod(input[0] - '0', FORMATS.size());
    byte[] line = Arrays.copyOfRange(input, 1, input.length);
    BOUNDS.hold(line, () -> one(FORMATS.get(which), PARSERS.get(which), line));
  }

  private static void one(RecordFormat format, RecordParser parser, byte[] line) throws Exception {
    var _ = RecordFormat.detect(line, line.length);
    if (!(parser.parse(line, line.length) instanceof ParsedRecord.Accepted(Activity activity))) {
      return;
    }
    if (activity.getVerb() != Verb.VERB_DELETE) {
      int length = EVENTS.write(activity, 0);
      EVENT.read(EVENTS.buffer(), 0, length);
      same("post_id", activity.getPostId(), EVENT.postId());
    }
    if (format == RecordFormat.NDJSON) {
      byte[] again = JsonFormat.printer().print(activity).getBytes(UTF_8);
      if (!(OWN.parse(again, again.length) instanceof ParsedRecord.Accepted(Activity same))
          || !same.equals(activity)) {
        throw new AssertionError("an activity did not come back from JSON as it was");
      }
    }
  }
}
