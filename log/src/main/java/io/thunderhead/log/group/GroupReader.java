package io.thunderhead.log.group;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.group.GroupHealth.LoopHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic in a consumer group with a number of loops, and owns their threads: it starts them,
 * starts them again when they fail, and stops them. An offset is committed only when everything
 * before it in its partition is safe, so an event may be seen twice, after a failure, but is never
 * left out.
 *
 * <p>A failure that may pass (a broker away, a write given up, a bug that one run met) ends the
 * loop's run: its handler is closed, and after a back-off a new consumer and a new handler start
 * behind the last safe offset. One that can't (no authority, impossible settings) ends the loop,
 * and {@link #check} says so.
 *
 * <p>An interrupt of a loop's thread ends it at once, as a crash would: nothing is flushed and
 * nothing committed.
 */
public final class GroupReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupReader.class);
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);

  /** A run of this length was a good one: the next back-off starts small again. */
  private static final Duration GOOD_RUN = Duration.ofMinutes(1);

  /** After draining, a loop still closes its clients. */
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(15);

  private final ClientSettings client;
  private final GroupSettings settings;
  private final BatchHandler.Factory handlers;
  private final GroupMetrics metrics;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<LoopStatus> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  public GroupReader(
      ClientSettings client,
      GroupSettings settings,
      BatchHandler.Factory handlers,
      PrometheusRegistry registry) {
    this.client = client;
    this.settings = settings;
    this.handlers = handlers;
    this.metrics = new GroupMetrics(settings.role(), registry);
    for (int loop = 0; loop < settings.threads(); loop++) {
      loops.add(new LoopStatus(settings.role() + "-" + loop));
    }
  }

  /** Starts the loops; they join their group in their own time. */
  public synchronized void start() {
    if (!threads.isEmpty()) {
      throw new IllegalStateException("started already");
    }
    for (int loop = 0; loop < settings.threads(); loop++) {
      int number = loop;
      threads.add(
          Thread.ofPlatform()
              .name(settings.role() + "-" + loop)
              .start(() -> supervise(number, loops.get(number))));
    }
  }

  /** How the loops are, now; any thread. */
  public GroupHealth check() {
    List<LoopHealth> health = new ArrayList<>();
    for (LoopStatus loop : loops) {
      health.add(loop.health());
    }
    return new GroupHealth(List.copyOf(health));
  }

  /**
   * Stops reading, finishes what was read, commits it and leaves the group. What is not
   * acknowledged within the drain limit is read again by the group. Safe to call twice.
   */
  @Override
  public synchronized void close() {
    stop.countDown();
    long deadline = System.nanoTime() + settings.drainLimit().plus(CLOSE_MARGIN).toNanos();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        long left = Math.max(1, deadline - System.nanoTime());
        if (!interrupted && !thread.join(Duration.ofNanos(left))) {
          LOG.warn("{} did not stop in time and is interrupted", thread.getName());
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void supervise(int loop, LoopStatus status) {
    Duration backOff = FIRST_BACK_OFF;
    while (!isStopping()) {
      long startedNanos = System.nanoTime();
      try {
        runOnce(loop, status);
      } catch (InterruptedException | InterruptException e) {
        break;
      } catch (Throwable e) {
        if (Failures.isFatal(e)) {
          status.failed(Failures.describe(e));
          LOG.error("{} failed for good: {}", name(loop), Failures.describe(e));
          return;
        }
        if (System.nanoTime() - startedNanos > GOOD_RUN.toNanos()) {
          backOff = FIRST_BACK_OFF;
        }
        status.backingOff(Failures.describe(e));
        metrics.restarted(e);
        logRestart(loop, backOff, e);
        if (await(backOff)) {
          break;
        }
        backOff = backOff.multipliedBy(2);
        backOff = backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff;
      }
    }
    status.stopped();
  }

  private void runOnce(int loop, LoopStatus status) throws Exception {
    status.started();
    BatchHandler handler = handlers.open(loop);
    GroupMember member;
    try {
      member = new GroupMember(client, settings, loop, handler, metrics, status);
    } catch (RuntimeException e) {
      handler.close();
      throw e;
    }
    try (member) {
      member.run(this::isStopping);
    }
  }

  private void logRestart(int loop, Duration backOff, Throwable e) {
    if (e instanceof org.apache.kafka.common.KafkaException
        || e instanceof io.thunderhead.log.LogUnavailableException) {
      LOG.warn(
          "{} starts again in {} ms: {}", name(loop), backOff.toMillis(), Failures.describe(e));
    } else {
      // Not Kafka's: a bug of ours, to be found by its stack trace.
      LOG.warn("{} starts again in {} ms", name(loop), backOff.toMillis(), e);
    }
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }

  private boolean await(Duration duration) {
    try {
      return stop.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private String name(int loop) {
    return settings.role() + "-" + loop;
  }
}
