package io.thunderhead.pipeline.edge.ingest;

import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.LogUnavailableException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that talks to Kafka. Whatever goes wrong there, it begins again with a new producer,
 * and the outbox knows what has to be sent once more.
 */
final class Sender implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 2_000;
  private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private final EdgeConfig config;
  private final ClientSettings client;
  private final Outbox outbox;
  private long pauseMs = FIRST_PAUSE_MS;
  private boolean said;

  private volatile boolean connected;
  private volatile @Nullable String problem = "waiting for Kafka";
  private final LongAdder restarts = new LongAdder();

  Sender(EdgeConfig config, ClientSettings client, Outbox outbox) {
    this.config = config;
    this.client = client;
    this.outbox = outbox;
  }

  /** Whether a producer is open and has not failed. */
  boolean isConnected() {
    return connected;
  }

  @Nullable String problem() {
    return problem;
  }

  long restarts() {
    return restarts.sum();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        runOnce();
        connected = false;
        restarts.increment();
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    } finally {
      connected = false;
    }
  }

  private void runOnce() throws InterruptedException {
    try (ActivityTopic topic = ActivityTopic.open(config, client)) {
      long generation = outbox.restart();
      connected = true;
      problem = null;
      if (said) {
        LOG.info("Kafka at {} is there", client.bootstrapServers());
        said = false;
      }
      pauseMs = FIRST_PAUSE_MS;
      send(topic, generation);
    } catch (LogUnavailableException | KafkaException | IOException e) {
      if (e instanceof InterruptException) {
        throw new InterruptedException();
      }
      problem = String.valueOf(e.getMessage());
      if (!said) {
        LOG.warn("Waiting for Kafka: {}", e.getMessage());
        said = true;
      }
      Thread.sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  private void send(ActivityTopic topic, long generation) throws IOException, InterruptedException {
    long dueNs = MAX_WAIT_NS;
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Batch batch = outbox.next(generation, Math.min(dueNs, MAX_WAIT_NS));
      if (batch != null) {
        append(topic, batch);
      } else if (outbox.isOutdated(generation)) {
        return;
      }
      dueNs = topic.flushIfDue(System.nanoTime());
      outbox.reap();
      Exception failure = topic.failure();
      if (failure != null) {
        throw new KafkaException(failure.getMessage(), failure);
      }
    }
  }

  private void append(ActivityTopic topic, Batch batch) {
    batch.retain();
    try {
      for (OutboundEvent event : batch.events) {
        if (!topic.append(event, batch) && event instanceof OutboundEvent.Activity large) {
          topic.append(ActivityTopic.tooLarge(config, large), batch);
          batch.refused++;
        }
      }
    } catch (RuntimeException e) {
      batch.failed(e);
      throw e;
    }
    batch.acknowledged();
  }
}
