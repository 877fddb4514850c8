package io.thunderhead.app.recording;

import io.thunderhead.app.config.ReplayFileConfig;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.publish.CountedProducer;
import io.thunderhead.pipeline.edge.ActivityToTweetEvent;
import io.thunderhead.pipeline.edge.RecordedPosts;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.Activity;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes activities in the file's order, in their own time or faster. A post that is older than
 * the one before it waits for nothing: files need not be in order.
 */
final class RecordingPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingPublisher.class);
  private static final long PROGRESS_EVERY_NS = 5_000_000_000L;

  private final ReplayFileConfig config;
  private final CountedProducer producer;
  private final ActivityToTweetEvent tweetEvents = new ActivityToTweetEvent();

  RecordingPublisher(ReplayFileConfig config, CountedProducer producer) {
    this.config = config;
    this.producer = producer;
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
        LOG.info("{} posts published, {} failed", producer.acknowledged(), producer.failed());
      }
    }
    producer.flush();
    return whole;
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
    producer.send(ActivityToTweetEvent.keyOf(post), value);
  }
}
