package io.thunderhead.pipeline.enrich.distribute;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.write.Acknowledgement;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.log.write.DecimalKey;
import io.thunderhead.log.write.PackSettings;
import io.thunderhead.log.write.PackingProducer;
import io.thunderhead.protocol.RejectReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one loop writes: enriched activities, late ones, dead letters. Used by the loop's
 * thread alone. The producer of late ones connects with the first, for there should be none.
 */
final class EnrichedOutput implements AutoCloseable {
  /** How long a loop's start waits for a broker before it counts as failed and backs off. */
  private static final Duration TOPIC_LIMIT = Duration.ofSeconds(10);

  private final ClientSettings client;
  private final DistributeConfig config;
  private final String clientId;
  private final DistributeMetrics metrics;
  private final DecimalKey key = new DecimalKey();
  private final PackingProducer enriched;
  private final DeadLetters deadLetters;
  private @Nullable PackingProducer late;

  EnrichedOutput(
      ClientSettings client, DistributeConfig config, String clientId, DistributeMetrics metrics)
      throws InterruptedException {
    this.client = client;
    this.config = config;
    this.clientId = clientId;
    this.metrics = metrics;
    enriched = producer(config.outputTopic(), clientId);
    deadLetters =
        new DeadLetters(client, clientId + "-dead-letters", failure -> metrics.sendFailed());
  }

  /** False if the topic takes nothing of this size. */
  boolean enriched(long keyId, byte[] activity, Acknowledgement done) {
    return enriched.append(key.of(keyId), activity, 0, activity.length, done);
  }

  /** The same for the late topic. */
  boolean late(long keyId, byte[] activity, Acknowledgement done) throws InterruptedException {
    PackingProducer open = late;
    if (open == null) {
      open = producer(config.lateTopic(), clientId + "-late");
      late = open;
    }
    return open.append(key.of(keyId), activity, 0, activity.length, done);
  }

  void deadLetter(ParkedActivity activity, RejectReason reason) {
    deadLetters.send(
        activity.origin(),
        activity.index(),
        activity.origin().value(),
        activity.offset(),
        activity.length(),
        reason,
        activity.batch().ticket());
  }

  void deadLetter(EventCursor event, RejectReason reason, Acknowledgement done) {
    deadLetters.send(
        event.origin(), event.index(), event.src(), event.offset(), event.length(), reason, done);
  }

  long flushIfDue(long nowNanos) {
    long next = enriched.flushIfDue(nowNanos);
    return late == null ? next : Math.min(next, late.flushIfDue(nowNanos));
  }

  void flush() {
    enriched.flush();
    if (late != null) {
      late.flush();
    }
  }

  @Override
  public void close() {
    try (deadLetters) {
      enriched.close();
      if (late != null) {
        late.close();
      }
    }
  }

  private PackingProducer producer(String topic, String id) throws InterruptedException {
    try (TopicAdmin topics = new TopicAdmin(client, TOPIC_LIMIT)) {
      PackSettings settings =
          new PackSettings(
              topic,
              config.packEvents(),
              PackSettings.DEFAULT_PACK_BYTES,
              Duration.ofMillis(config.lingerMs()),
              config.compression(),
              Math.min(topics.maxMessageBytes(topic), ClientSettings.MAX_REQUEST_BYTES));
      return new PackingProducer(client, settings, id, failure -> metrics.sendFailed());
    }
  }
}
