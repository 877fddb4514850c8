package io.thunderhead.serving.replay;

import io.thunderhead.log.read.EventBatch;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.LightPostWriter;
import io.thunderhead.store.CreateOutcome;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts one partition's events into the store in the order of the log, without allocating per event.
 * One thread at a time.
 */
@SuppressWarnings("EnumOrdinal") // Slots of the counters.
final class PartitionApplier {
  private static final int CLOCK_EVERY = 1024;

  private final PostStore store;
  private final OutcomeCounters counters;
  private final InNetworkEventReader event = new InNetworkEventReader();
  private final LightPostWriter light = new LightPostWriter();
  private final PostFields fields = new PostFields();
  private final long[] counts = new long[OutcomeCounters.SLOTS];
  private long lastCreatedAt;

  PartitionApplier(PostStore store, OutcomeCounters counters) {
    this.store = store;
    this.counters = counters;
  }

  /** The time of the last created post of the last batch, or 0. */
  long lastCreatedAt() {
    return lastCreatedAt;
  }

  void apply(EventBatch batch, InstantSource clock, EventApplier.BadEvents badEvents) {
    lastCreatedAt = 0;
    boolean live = false;
    long nowSeconds = 0;
    int untilClock = 0;
    try {
      while (batch.next()) {
        if (--untilClock < 0) {
          nowSeconds = clock.millis() / 1000;
          untilClock = CLOCK_EVERY;
        }
        boolean isLive = batch.recordOffset() >= batch.targetOffset();
        if (isLive != live) {
          counters.add(counts, live);
          live = isLive;
        }
        RejectReason malformed = apply(batch, nowSeconds);
        if (malformed != null) {
          counts[ReplayOutcome.MALFORMED.ordinal()]++;
          counts[OutcomeCounters.slot(malformed)]++;
          badEvents.bad(batch, malformed);
        }
      }
    } finally {
      counters.add(counts, live);
    }
  }

  /** Applies the event and counts what became of it, or says why it is malformed. */
  private @Nullable RejectReason apply(EventBatch batch, long nowSeconds) {
    RejectReason broken = batch.malformed();
    if (broken != null) {
      return broken;
    }
    if (batch.isNull()) {
      counts[ReplayOutcome.NULL.ordinal()]++;
      return null;
    }
    try {
      event.read(batch.bytes(), batch.offset(), batch.length());
    } catch (MalformedEventException e) {
      return e.reason();
    }
    ReplayOutcome outcome =
        event.isCreate()
            ? ReplayOutcome.of(create(nowSeconds))
            : ReplayOutcome.of(
                store.delete(
                    event.postId(),
                    event.authorId(),
                    event.deletedAt(),
                    batch.recordTimestampMs() / 1000,
                    nowSeconds));
    counts[outcome.ordinal()]++;
    return null;
  }

  private CreateOutcome create(long nowSeconds) {
    light.write(event);
    fields.postId = event.postId();
    fields.authorId = event.authorId();
    fields.createdAt = event.createdAt();
    fields.inReplyToPostId = event.inReplyToPostId();
    fields.inReplyToUserId = event.inReplyToUserId();
    fields.sourcePostId = event.sourcePostId();
    fields.sourceUserId = event.sourceUserId();
    fields.conversationId = event.conversationId();
    fields.isRetweet = event.isRetweet();
    fields.isReply = event.isReply();
    fields.hasVideo = event.hasVideo();
    fields.encoded = light.buffer();
    fields.encodedOffset = 0;
    fields.encodedLength = light.length();
    lastCreatedAt = event.createdAt();
    return store.create(fields, nowSeconds);
  }
}
