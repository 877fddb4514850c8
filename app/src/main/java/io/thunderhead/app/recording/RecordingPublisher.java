package io.thunderhead.app.recording;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.app.config.ReplayFileConfig;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.pipeline.edge.RecordedPosts;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.Activity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes activities in the file's order, in their own time or faster. A post that is older than
 * the one before it waits for nothing: files need not be in order.
 */
final class RecordingPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingPublisher.class);
  private static final long PROGRESS_EVERY_NS = 5_000_000_000L;
  private static final int MOST_UNACKNOWLEDGED = 10_000;

  private final ReplayFileConfig config;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ActivityToTweetEvent tweetEvents = new ActivityToTweetEvent();
  private final Semaphore unacknowledged = new Semaphore(MOST_UNACKNOWLEDGED);
  private final Counter acknowledged;
  private final Counter failed;

  RecordingPublisher(ReplayFileConfig config, PrometheusRegistry registry) {
    this.config = config;
    producer = new KafkaProducer<>(config.kafka().clients().producer("thunderhead-replay-file"));
    acknowledged =
        Counter.builder()
            .name("thunderhead_replay_file_acknowledged_events")
            .help("Recorded posts that Kafka has acknowledged.")
            .register(registry);
    failed =
        Counter.builder()
            .name("thunderhead_replay_file_failed_events")
            .help("Recorded posts that could not be published.")
            .register(registry);
  }

  /** Returns whether it came to the end of the file before a stop. */
  boolean run(RecordedPosts posts, StopRequest stop) throws IOException, InterruptedException {
    long shiftSeconds = shiftSeconds();
    long startNs = System.nanoTime();
    long firstSeconds = Long.MIN_VALUE;
    long saidNs = startNs;
    boolean whole = true;
    for (Activity post = posts.next(); post != null; post = posts.next()) {
      if (firstSeconds == Long.MIN_VALUE) {
        firstSeconds = post.getCreatedAt();
      }
      if (awaitTime(post.getCreatedAt() - firstSeconds, startNs, stop)) {
        whole = false;
        break;
      }
      publish(post, shiftSeconds);
      if (System.nanoTime() - saidNs >= PROGRESS_EVERY_NS) {
        saidNs = System.nanoTime();
        LOG.info("{} posts published, {} failed", acknowledged(), failed());
      }
    }
    producer.flush();
    return whole;
  }

  long acknowledged() {
    return acknowledged.getLongValue();
  }

  long failed() {
    return failed.getLongValue();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  private long shiftSeconds() throws IOException {
    if (config.keepTimes()) {
      return 0;
    }
    long latest =
        RecordedPosts.latestCreatedAt(
            config.file(), config.format(), RecordedPosts.DEFAULT_MAX_LINE_BYTES);
    return latest == 0 ? 0 : System.currentTimeMillis() / 1000 - latest;
  }

  /** Waits until a post's time has come; returns whether a stop came first. */
  private boolean awaitTime(long secondsIn, long startNs, StopRequest stop)
      throws InterruptedException {
    if (config.speed() == 0) {
      return stop.requested();
    }
    long dueNs = startNs + (long) (secondsIn * 1e9 / config.speed());
    long waitNs = dueNs - System.nanoTime();
    return waitNs > 0 ? stop.await(Duration.ofNanos(waitNs)) : stop.requested();
  }

  private void publish(Activity post, long shiftSeconds) throws InterruptedException {
    byte[] value;
    if (config.topic().equals(Topics.TWEET_EVENTS)) {
      tweetEvents.write(post, shiftSeconds);
      value = tweetEvents.toByteArray();
    } else {
      value =
          post.toBuilder().setCreatedAt(post.getCreatedAt() + shiftSeconds).build().toByteArray();
    }
    byte[] key =
        Long.toString(ActivityToTweetEvent.keyOf(post)).getBytes(StandardCharsets.US_ASCII);
    unacknowledged.acquire();
    producer.send(
        new ProducerRecord<>(config.topic(), key, value),
        (metadata, failure) -> {
          unacknowledged.release();
          if (failure == null) {
            acknowledged.inc();
          } else {
            if (failed.getLongValue() == 0) {
              LOG.error("Posts can't be published: {}", failure.getMessage());
            }
            failed.inc();
          }
        });
  }
}
