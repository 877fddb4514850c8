package io.thunderhead.serving.replay;

import io.thunderhead.log.read.EventBatch;
import io.thunderhead.protocol.MalformedEventException;
import io.thunderhead.protocol.RejectReason;
import io.thunderhead.protocol.event.InNetworkEventReader;
import io.thunderhead.protocol.event.LightPostWriter;
import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostStore;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Puts one partition's events into the store in the order of the log, without allocating per event.
 * Posts wait for each other to be applied a few at once, but never for the next poll, and never
 * past a delete. One thread at a time.
 */
@SuppressWarnings("EnumOrdinal") // Slots of the counters.
final class PartitionApplier {
  private static final int CLOCK_EVERY = 1024;

  private final PostStore store;
  private final OutcomeCounters counters;
  private final InNetworkEventReader event = new InNetworkEventReader();
  private final LightPostWriter light = new LightPostWriter();
  private final PostBatch posts = new PostBatch();
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
    posts.clear();
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
          createAll(nowSeconds);
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
      createAll(nowSeconds);
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
    if (event.isCreate()) {
      add();
      if (posts.isFull()) {
        createAll(nowSeconds);
      }
    } else {
      createAll(nowSeconds);
      delete(batch.recordTimestampMs() / 1000, nowSeconds);
    }
    return null;
  }

  private void delete(long recordSeconds, long nowSeconds) {
    ReplayOutcome outcome =
        ReplayOutcome.of(
            store.delete(
                event.postId(), event.authorId(), event.deletedAt(), recordSeconds, nowSeconds));
    counts[outcome.ordinal()]++;
  }

  private void createAll(long nowSeconds) {
    int size = posts.size();
    store.apply(posts, nowSeconds);
    for (int i = 0; i < size; i++) {
      counts[ReplayOutcome.of(posts.outcome(i)).ordinal()]++;
    }
  }

  private void add() {
    light.write(event);
    PostFields fields = posts.add();
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
    // The writer's buffer holds only the last post. What is too long for the store is not copied:
    // it says so itself.
    if (fields.encoded.length == 0) {
      fields.encoded = new byte[PostStore.MAX_ENCODED_BYTES];
    }
    fields.encodedOffset = 0;
    fields.encodedLength = light.length();
    int copied = Math.min(light.length(), PostStore.MAX_ENCODED_BYTES);
    System.arraycopy(light.buffer(), 0, fields.encoded, 0, copied);
    lastCreatedAt = event.createdAt();
  }
}
