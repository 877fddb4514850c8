package io.thunderhead.serving.replay;

import io.thunderhead.serving.logging.LogRate;
import io.thunderhead.store.PostStore;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what has passed the retention, a few steps at a time with a pause between them. A
 * failure is counted and the next round comes; reads don't depend on it, memory does.
 */
final class StoreTrimmer {
  private static final Logger LOG = LoggerFactory.getLogger(StoreTrimmer.class);
  private static final int STEPS = 1_000;
  private static final long PAUSE_MS = 1;
  private static final long ROUND_MS = 1_000;

  private final PostStore store;
  private final InstantSource clock;
  private final ReplayMetrics metrics;
  private final CountDownLatch stop;
  private final LogRate failures = new LogRate(60);

  StoreTrimmer(PostStore store, InstantSource clock, ReplayMetrics metrics, CountDownLatch stop) {
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
    this.stop = stop;
  }

  void run() throws InterruptedException {
    long waitMs = ROUND_MS;
    while (!stop.await(waitMs, TimeUnit.MILLISECONDS)) {
      waitMs = trim() > 0 ? PAUSE_MS : ROUND_MS;
    }
  }

  private int trim() {
    try {
      return store.trim(clock.millis() / 1000, STEPS);
    } catch (RuntimeException | Error e) {
      metrics.trimFailures.inc();
      if (failures.admit() >= 0) {
        LOG.warn("Trimming the store failed and will be tried again", e);
      }
      return 0;
    }
  }
}
