package io.thunderhead.serving.supervision;

import io.prometheus.metrics.core.metrics.Counter;
import io.thunderhead.log.read.BackOff;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread whose work begins again when it throws, whatever it throws: each time after a longer
 * wait, counted, and told with its stack trace, for it is a bug.
 */
public final class SupervisedThread {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedThread.class);

  /** Work that lasted this long before it threw is not taken for one that can't live. */
  private static final long FORGIVEN_NS = TimeUnit.SECONDS.toNanos(60);

  /**
   * What such a thread does until it is done; it is stopped by an interrupt, or by its own means.
   */
  @FunctionalInterface
  public interface Work {
    void run() throws InterruptedException;
  }

  private SupervisedThread() {}

  /**
   * Starts it as a daemon.
   *
   * @param restarts by the thread's name
   * @param stop ends the wait before the work begins again
   */
  public static Thread start(String name, Work work, Counter restarts, CountDownLatch stop) {
    return Thread.ofPlatform().daemon().name(name).start(() -> run(name, work, restarts, stop));
  }

  private static void run(String name, Work work, Counter restarts, CountDownLatch stop) {
    BackOff backOff = new BackOff();
    try {
      while (true) {
        long startNs = System.nanoTime();
        try {
          work.run();
          return;
        } catch (RuntimeException | Error e) {
          if (System.nanoTime() - startNs > FORGIVEN_NS) {
            backOff.reset();
          }
          long waitMs = backOff.nextMs();
          restarts.labelValues(name).inc();
          LOG.warn("{} died and begins again in {} ms", name, waitMs, e);
          if (stop.await(waitMs, TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
