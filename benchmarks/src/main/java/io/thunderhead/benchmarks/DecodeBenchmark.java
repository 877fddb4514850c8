package io.thunderhead.benchmarks;

import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.InNetworkEventWriter;
import io.thunderhead.protocol.thrift.TweetEventReader;
import io.thunderhead.protocol.thrift.TweetEventWriter;
import io.thunderhead.protocol.thrift.TweetFields;
import io.thunderhead.protocol.v1.InNetworkEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event costs on its way: Thrift to protobuf in the transformer, packed protobuf to fields
 * in the serving node, the latter beside protobuf's generated classes on the same bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {
  private static final int EVENTS = 100;
  private static final long FIRST_ID = 1_990_000_000_000_000_000L;
  private static final long NOW_SECONDS = 1_790_000_000L;

  private final TweetEventReader thrift = new TweetEventReader();
  private final InNetworkEventWriter writer = new InNetworkEventWriter();
  private final InNetworkEventReader reader = new InNetworkEventReader();
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();
  private final byte[][] tweetEvents = new byte[EVENTS][];
  private byte[] packed = {};

  /** A third each of originals, replies and retweets, with a text that has to be skipped. */
  @Setup
  public void prepare() throws MalformedEventException {
    TweetEventWriter tweets = new TweetEventWriter();
    PackedRecord.Packer packer = new PackedRecord.Packer(EVENTS, 1 << 20);
    TweetFields tweet = new TweetFields();
    for (int i = 0; i < EVENTS; i++) {
      tweet.clear();
      tweet.postId = FIRST_ID + i;
      tweet.userId = FIRST_ID / 3 + i;
      tweet.coreUserId = tweet.userId;
      tweet.text = "x".repeat(140).getBytes(StandardCharsets.UTF_8);
      tweet.createdAtSeconds = NOW_SECONDS;
      tweet.conversationId = tweet.postId;
      tweet.timestampMs = NOW_SECONDS * 1000;
      if (i % 3 == 1) {
        tweet.hasReply = true;
        tweet.inReplyToPostId = FIRST_ID - i;
        tweet.inReplyToUserId = FIRST_ID / 5;
      } else if (i % 3 == 2) {
        tweet.hasShare = true;
        tweet.sourcePostId = FIRST_ID - i;
        tweet.sourceUserId = FIRST_ID / 5;
      }
      tweets.writeCreate(tweet);
      tweetEvents[i] = tweets.toByteArray();
      thrift.read(tweets.buffer(), 0, tweets.length());
      writer.write(thrift, NOW_SECONDS);
      packer.add(writer.buffer(), 0, writer.length());
    }
    packed = packer.toRecord();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long thriftToProtobuf() throws MalformedEventException {
    long sum = 0;
    for (byte[] event : tweetEvents) {
      thrift.read(event, 0, event.length);
      sum += writer.write(thrift, NOW_SECONDS);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long packedToFields() throws MalformedEventException {
    long sum = 0;
    unpacker.wrap(packed);
    while (unpacker.next()) {
      reader.read(packed, unpacker.offset(), unpacker.length());
      sum += reader.postId();
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long packedToGeneratedMessages() throws Exception {
    long sum = 0;
    unpacker.wrap(packed);
    while (unpacker.next()) {
      InNetworkEvent event =
          InNetworkEvent.parser().parseFrom(packed, unpacker.offset(), unpacker.length());
      sum += event.getTweetCreateEvent().getPostId();
    }
    return sum;
  }
}
