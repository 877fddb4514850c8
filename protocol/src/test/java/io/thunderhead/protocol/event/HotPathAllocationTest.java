package io.thunderhead.protocol.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** An event's whole way through this module allocates nothing, packed records aside. */
class HotPathAllocationTest {
  private static final int EVENTS = 20_000;
  private static final int EVENTS_PER_RECORD = 100;

  private final TweetEventReader tweets = new TweetEventReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();
  private final InNetworkEventReader reader = new InNetworkEventReader();
  private final LightPostWriter posts = new LightPostWriter();
  private final PackedRecord.Packer packer = new PackedRecord.Packer(EVENTS_PER_RECORD, 1 << 20);
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();

  @Test
  void event_fromThriftToLightPost_allocatesNothing() throws Exception {
    TweetFields tweet = new TweetFields();
    tweet.postId = 1_500_000_000_000_000_001L;
    tweet.userId = 42;
    tweet.coreUserId = 42;
    tweet.text = "a text that is skipped".getBytes(UTF_8);
    tweet.createdAtSeconds = 1_790_000_000;
    tweet.hasReply = true;
    tweet.inReplyToPostId = 1_500_000_000_000_000_000L;
    tweet.videos = 1;
    tweet.videoDurationMs = 5000;
    TweetEventWriter events = new TweetEventWriter();
    events.writeCreate(tweet);
    byte[] event = events.toByteArray();

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    run(event);
    long before = threads.getCurrentThreadAllocatedBytes();
    int bytes = run(event);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes).isEqualTo(EVENTS * posts.length());
    long ofRecords = (long) EVENTS / EVENTS_PER_RECORD * (EVENTS_PER_RECORD * 64L + 64);
    assertThat(allocated).isLessThan(ofRecords);
  }

  private int run(byte[] event) throws Exception {
    int bytes = 0;
    for (int i = 0; i < EVENTS; i++) {
      tweets.read(event, 0, event.length);
      packer.add(writer.buffer(), 0, writer.write(tweets, 0));
      if (packer.events() == EVENTS_PER_RECORD) {
        byte[] record = packer.toRecord();
        packer.clear();
        unpacker.wrap(record);
        while (unpacker.next()) {
          reader.read(record, unpacker.offset(), unpacker.length());
          bytes += posts.write(reader);
        }
      }
    }
    return bytes;
  }
}
