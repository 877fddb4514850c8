package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.thrift.TweetEventReader;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the bytes, a parser says what became of them, and what it accepts is a sound event. */
class HostileRecordsTest {
  private static final String[] VALUES = {
    "null", "-1", "0", "1e400", "[]", "{}", "\"\"", "true", "99999999999999999999", "\"\\ud800\""
  };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HIGGS|1 2 100 RT",
        "TWITTER_V11|{'id':12,'id_str':'12','created_at':'Tue Sep 09 01:02:03 +0000 2014','text':"
            + "'t','user':{'id':7,'followers_count':1},'in_reply_to_status_id':5,'entities':{'urls'"
            + ":[{'url':'u'}],'media':[{'type':'photo'}]},'retweeted_status':{'id':3,'user':{'id'"
            + ":4}}}",
        "GNIP|{'id':'tag:search.twitter.com,2005:300','verb':'post','actor':{'id':"
            + "'id:twitter.com:77'},'postedTime':'2013-02-03T04:05:06.000Z','inReplyTo':{'link':"
            + "'http://twitter.com/a/status/2'},'gnip':{'urls':[{'url':'u'}]},'tumblrRebloggedRoot'"
            + ":{'link':'http://a.example/post/1'}}",
        "JETSTREAM|{'did':'did:plc:me','time_us':1780000000500000,'kind':'commit','commit':{"
            + "'operation':'create','collection':'app.bsky.feed.post','rkey':'3','record':{"
            + "'createdAt':'2026-05-28T20:26:39Z','langs':['en'],'reply':{'parent':{'uri':"
            + "'at://did:plc:you/c/2'},'root':{'uri':'at://did:plc:you/c/1'}},'embed':{}}}}",
        "NDJSON|{'verb':'VERB_POST','postId':'1','authorId':'2','createdAt':'3','media':[{'type':"
            + "'TYPE_VIDEO','durationMs':'7000'}],'inReplyTo':{'nativeId':'x'}}"
      })
  void parse_ofAChangedRecord_alwaysAnswers(RecordFormat format, String record) throws Exception {
    RecordParser parser = format.newParser();
    ActivityToTweetEvent events = new ActivityToTweetEvent();
    TweetEventReader reader = new TweetEventReader();
    Random random = new Random(1);
    String json = record.replace('\'', '"');
    int accepted = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] line = changed(random, json);
      if (parser.parse(line, line.length) instanceof ParsedRecord.Accepted(var activity)) {
        accepted++;
        int length = events.write(activity, 0);
        reader.read(events.buffer(), 0, length);
        assertThat(reader.postId()).isEqualTo(activity.getPostId());
      }
    }
    assertThat(accepted).isBetween(100, 19_900);
  }

  private static byte[] changed(Random random, String json) {
    String text = json;
    if (random.nextInt(3) == 0) {
      String[] parts = text.split(":", -1);
      int at = random.nextInt(parts.length);
      parts[at] = parts[at].replaceFirst("^[^,{}\\[\\]]+", VALUES[random.nextInt(VALUES.length)]);
      text = String.join(":", parts);
    }
    byte[] bytes = text.getBytes(UTF_8);
    for (int change = random.nextInt(3); change > 0; change--) {
      bytes[random.nextInt(bytes.length)] =
          (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : ' ' + random.nextInt(95));
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }
}
