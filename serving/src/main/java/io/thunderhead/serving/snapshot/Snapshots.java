package io.thunderhead.serving.snapshot;

import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.replay.Recovery;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The snapshots of a serving node: the newest that is whole is loaded at the start, then one is
 * written each interval and a last one at the end.
 *
 * <p>A snapshot never stands in the way: one that can't be loaded is told and the one before it
 * taken, or the log alone; one that can't be written is told, counted, and tried again.
 */
public final class Snapshots implements Recovery, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  /** What the last snapshot may take of the time that a stop has. */
  private static final long LAST_LIMIT_MS = 10_000;

  private final SnapshotConfig config;
  private final String topic;
  private final StoreConfig limits;
  private final PostStore store;
  private final InstantSource clock;
  private final SnapshotMetrics metrics;
  private final SnapshotDirectory directory;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final SnapshotTaker taker;
  private volatile @Nullable String loading;

  /**
   * Takes the directory; reads and writes nothing yet.
   *
   * @throws IOException if it can't be used; the message is for a person
   */
  public Snapshots(
      SnapshotConfig config,
      String topic,
      StoreConfig limits,
      PostStore store,
      InstantSource clock,
      SnapshotMetrics metrics)
      throws IOException {
    this.config = config;
    this.topic = topic;
    this.limits = limits;
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
    this.directory = SnapshotDirectory.open(config.directory());
    this.taker = new SnapshotTaker(directory, topic, limits, store, clock, metrics);
    metrics.age(taker::ageSeconds);
  }

  @Override
  public @Nullable AppliedOffsets recover(BooleanSupplier stopped) throws InterruptedException {
    try {
      for (Path path : directory.newestFirst()) {
        AppliedOffsets offsets = load(path, stopped);
        if (offsets != null || stopped.getAsBoolean()) {
          return offsets;
        }
      }
    } catch (IOException e) {
      LOG.warn("{} can't be listed: {}", config.directory(), e.toString());
    } finally {
      loading = null;
    }
    LOG.info("No snapshot to load from {}: reading the log alone", config.directory());
    return null;
  }

  @Override
  public List<String> reasons() {
    String now = loading;
    return now == null ? List.of() : List.of(now);
  }

  /** What keeps the node from being ready: a newest snapshot that is too old. */
  public List<String> check() {
    double ageSeconds = taker.ageSeconds();
    if (config.maxAge().isZero() || ageSeconds <= config.maxAge().toSeconds()) {
      return List.of();
    }
    String failure = taker.failure();
    return List.of(
        "the newest snapshot is %.0f s old, at most %d s allowed%s"
            .formatted(
                ageSeconds, config.maxAge().toSeconds(), failure == null ? "" : ": " + failure));
  }

  /**
   * Writes snapshots until closed.
   *
   * @param applied how far the log is applied, null while that is not known
   */
  public void run(Supplier<@Nullable AppliedOffsets> applied) throws InterruptedException {
    long intervalMs = config.interval().toMillis();
    long nextNs = System.nanoTime();
    while (true) {
      nextNs += TimeUnit.MILLISECONDS.toNanos(intervalMs);
      long waitNs = nextNs - System.nanoTime();
      if (stop.await(Math.max(0, waitNs), TimeUnit.NANOSECONDS)) {
        return;
      }
      take(applied);
      nextNs = Math.max(nextNs, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(intervalMs));
    }
  }

  /** Writes one now, beside readers: over a quarter of the interval, if it can be done in that. */
  public void take(Supplier<@Nullable AppliedOffsets> applied) {
    taker.take(applied, () -> stop.getCount() == 0, config.interval().toNanos() / 4);
  }

  /** Breaks off what is being written. */
  public void stop() {
    stop.countDown();
  }

  /** Writes one more, once nothing is applied any more; gives up when it takes too long. */
  public void takeLast(Supplier<@Nullable AppliedOffsets> applied) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_LIMIT_MS);
    taker.take(applied, () -> System.nanoTime() - deadlineNs > 0, 0);
  }

  @Override
  public void close() {
    stop();
    try {
      directory.close();
    } catch (IOException e) {
      LOG.info("The lock of {} could not be closed: {}", config.directory(), e.toString());
    }
  }

  private @Nullable AppliedOffsets load(Path path, BooleanSupplier stopped)
      throws InterruptedException {
    long startNs = System.nanoTime();
    try (SnapshotFile file = SnapshotFile.open(path)) {
      file.header().check(topic, limits);
      loading = "loading the snapshot " + path.getFileName() + " of " + file.posts() + " posts";
      if (!new SnapshotLoader(store, clock, stopped).load(file, config.loadThreads())) {
        return null;
      }
      double seconds = (System.nanoTime() - startNs) / 1e9;
      long posts = store.stats().posts();
      metrics.loadedPosts.set((double) posts);
      metrics.loadSeconds.set(seconds);
      taker.loaded(file.header().offsets());
      LOG.info(
          "Loaded {} of the {} posts of {}, {} MiB, in {} s",
          posts,
          file.posts(),
          path,
          file.bytes() >> 20,
          seconds);
      return file.header().offsets();
    } catch (RefusedSnapshotException e) {
      refused(path, e);
    } catch (IOException e) {
      LOG.info("{} could not be closed: {}", path, e.toString());
    }
    return null;
  }

  private void refused(Path path, RefusedSnapshotException e) {
    metrics.refused.labelValues(e.reason().label).inc();
    directory.refuse(path);
    store.clear();
    // Whoever has widened a limit knows; everything else is to be looked at.
    boolean expected = e.reason() == RefusedSnapshotException.Reason.NARROWER_LIMITS;
    LOG.atLevel(expected ? Level.INFO : Level.WARN)
        .log("The snapshot {} {}; it is not loaded", path, e.getMessage());
  }
}
