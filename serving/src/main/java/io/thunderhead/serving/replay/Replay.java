package io.thunderhead.serving.replay;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.log.read.PartitionReaders;
import io.thunderhead.log.read.ReadSettings;
import io.thunderhead.log.read.ReplayProgress;
import io.thunderhead.serving.supervision.SupervisedThread;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the store from the log and keeps it filled, and says what that means for answering. Being
 * caught up once makes it {@code SERVING} for good; falling behind later makes it stale, which is
 * no reason to stop answering.
 */
public final class Replay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
  private static final long WATCH_EVERY_MS = 50;

  private final ReplayConfig config;
  private final InstantSource clock;
  private final PartitionReaders readers;
  private final OutcomeCounters counters = new OutcomeCounters();
  private final ReplayMetrics metrics;
  private final StoreTrimmer trimmer;
  private final Staleness staleness;
  private final Supplier<List<String>> concerns;
  private final Consumer<Readiness> listener;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private long startedNs;
  private volatile @Nullable Recovery recovery;

  /** Guarded by this. */
  private boolean caughtUpOnce;

  /** Guarded by this for writes. */
  private volatile ReplayState state = ReplayState.STARTING;

  /** The watch thread's, and that of whoever drains or closes. */
  private volatile Readiness readiness =
      new Readiness(ReplayState.STARTING, false, false, List.of("not started"));

  /**
   * @param concerns what else keeps the node from being ready, in words; asked often
   * @param listener told of each change of readiness, on threads of this class; must be quick
   */
  public Replay(
      ClientSettings client,
      ReplayConfig config,
      StoreConfig limits,
      PostStore store,
      InstantSource clock,
      PrometheusRegistry registry,
      Supplier<List<String>> concerns,
      Consumer<Readiness> listener) {
    this.config = config;
    this.clock = clock;
    this.concerns = concerns;
    this.listener = listener;
    this.metrics = new ReplayMetrics(counters, this::readiness, registry);
    this.staleness = new Staleness(config.maxStalenessSeconds() * 1000);
    EventApplier applier =
        new EventApplier(
            store,
            clock,
            new Semaphore(config.applyPermits()),
            () -> state != ReplayState.CATCHING_UP,
            counters,
            metrics);
    this.readers =
        new PartitionReaders(
            client,
            ReadSettings.of(
                config.topic(),
                config.threads(),
                Duration.ofSeconds(limits.retentionSeconds()),
                Duration.ofSeconds(limits.futureSkewSeconds()),
                clock),
            applier,
            registry);
    this.trimmer = new StoreTrimmer(store, clock, metrics, stop);
  }

  /**
   * Starts filling the store and returns at once, with or without a broker.
   *
   * @param before what comes before the log; null for nothing
   */
  public synchronized void start(@Nullable Recovery before) {
    if (state != ReplayState.STARTING) {
      throw new IllegalStateException("can't start while " + state);
    }
    startedNs = System.nanoTime();
    state = ReplayState.CATCHING_UP;
    recovery = before;
    if (before == null) {
      readers.start();
    } else {
      threads.add(start("replay-recover", () -> recover(before)));
    }
    threads.add(start("replay-watch", this::watch));
    threads.add(start("store-trim", trimmer::run));
  }

  /** Keeps other work of the node going until this is closed. */
  public synchronized void supervise(String name, SupervisedThread.Work work) {
    threads.add(start(name, work));
  }

  private Thread start(String name, SupervisedThread.Work work) {
    return SupervisedThread.start(name, work, metrics.threadRestarts, stop);
  }

  private void recover(Recovery before) throws InterruptedException {
    AppliedOffsets from = before.recover(() -> stop.getCount() == 0);
    synchronized (this) {
      if (stop.getCount() > 0) {
        readers.start(from);
      }
    }
  }

  /** How far the log is applied; null while that is not sure. */
  public @Nullable AppliedOffsets applied() {
    return readers.applied();
  }

  public ReplayState state() {
    return state;
  }

  /** As of a moment ago: it is renewed some twenty times a second. */
  public Readiness readiness() {
    return readiness;
  }

  public ReplayProgress progress() {
    return readers.progress();
  }

  public ReplayCounts counts() {
    return counters.snapshot();
  }

  /** What is wrong with the reading, in words; a node that only lags has nothing wrong. */
  public List<String> check() {
    return readers.check();
  }

  /** No longer ready from here on, though still answering and reading. */
  public synchronized void drain() {
    if (state != ReplayState.CLOSED) {
      state = ReplayState.DRAINING;
      update();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (state == ReplayState.CLOSED) {
        return;
      }
      state = ReplayState.CLOSED;
      update();
    }
    stop.countDown();
    readers.close();
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void watch() throws InterruptedException {
    do {
      step();
    } while (!stop.await(WATCH_EVERY_MS, TimeUnit.MILLISECONDS));
  }

  private synchronized void step() {
    if (state == ReplayState.CATCHING_UP && progress().caughtUp()) {
      state = ReplayState.SERVING;
      caughtUpOnce = true;
      double seconds = (System.nanoTime() - startedNs) / 1e9;
      metrics.initDuration.set(seconds);
      LOG.info(
          "Caught up with {} after {} s: {} events",
          config.topic(),
          seconds,
          counts().replayed().total());
    }
    update();
  }

  /** Guarded by this. */
  private void update() {
    long ageMs = Math.max(0, clock.millis() - progress().asOfMs());
    boolean answering = caughtUpOnce && state != ReplayState.CLOSED;
    boolean stale = answering && staleness.update(ageMs);
    Readiness before = readiness;
    Readiness now = new Readiness(state, answering, stale, reasons(stale, ageMs));
    readiness = now;
    if (now.ready() != before.ready() || now.state() != before.state()) {
      listener.accept(now);
    }
    if (now.stale() != before.stale() && now.state() == ReplayState.SERVING) {
      logStaleness(before.state(), now, ageMs);
    } else if (now.ready() != before.ready() && before.state() == ReplayState.SERVING) {
      logReadiness(now);
    }
  }

  private void logStaleness(ReplayState before, Readiness now, long ageMs) {
    if (now.stale() && before != ReplayState.SERVING) {
      // A catch-up longer than the limit ends like this; what came meanwhile is read next.
      LOG.info("Not ready yet: {}", now.reasons());
    } else if (now.stale()) {
      LOG.warn("Not ready: {}", now.reasons());
    } else {
      LOG.info("Ready again, {} ms old", ageMs);
    }
  }

  private static void logReadiness(Readiness now) {
    if (now.ready()) {
      LOG.info("Ready again");
    } else if (now.state() == ReplayState.SERVING) {
      LOG.warn("Not ready: {}", now.reasons());
    }
  }

  private List<String> reasons(boolean stale, long ageMs) {
    List<String> reasons = new ArrayList<>();
    switch (state) {
      case STARTING -> reasons.add("not started");
      case CATCHING_UP -> {
        Recovery before = recovery;
        List<String> recovering = before == null ? List.of() : before.reasons();
        reasons.add("catching up");
        reasons.addAll(recovering.isEmpty() ? progress().reasonsNotReady() : recovering);
      }
      case SERVING -> {
        if (stale) {
          reasons.add(
              "stale: %.1f s old, at most %d s allowed"
                  .formatted(ageMs / 1e3, config.maxStalenessSeconds()));
          reasons.addAll(readers.check());
        }
        reasons.addAll(readers.withoutReader());
        reasons.addAll(concerns.get());
      }
      case DRAINING -> reasons.add("draining");
      case CLOSED -> reasons.add("closed");
    }
    return reasons;
  }
}
