package io.thunderhead.serving.snapshot;

import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.snapshot.SnapshotWriter.AbandonedException;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.StoreConfig;
import io.thunderhead.store.StoreStats;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one snapshot at a time. How far the log is applied is noted before the walk begins, never
 * after: what is applied meanwhile is replayed, and in the snapshot or not.
 */
final class SnapshotTaker {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);

  /** What a post takes as long as nothing is known: a third more than usual. */
  private static final long GUESSED_POST_BYTES = 150;

  private final SnapshotDirectory directory;
  private final String topic;
  private final StoreConfig limits;
  private final PostStore store;
  private final InstantSource clock;
  private final SnapshotMetrics metrics;

  private volatile long currentAtNs = System.nanoTime();
  private volatile @Nullable String failure;

  // One taker's at a time.
  private @Nullable AppliedOffsets last;
  private @Nullable SnapshotSize lastSize;

  SnapshotTaker(
      SnapshotDirectory directory,
      String topic,
      StoreConfig limits,
      PostStore store,
      InstantSource clock,
      SnapshotMetrics metrics) {
    this.directory = directory;
    this.topic = topic;
    this.limits = limits;
    this.store = store;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Since when there is more in the log than in the newest snapshot, or since the start. */
  double ageSeconds() {
    return (System.nanoTime() - currentAtNs) / 1e9;
  }

  /** Why the last one could not be written; null if it could. */
  @Nullable String failure() {
    return failure;
  }

  /** A snapshot of these offsets is there already, and whole. */
  synchronized void loaded(AppliedOffsets offsets) {
    last = offsets;
  }

  /**
   * Writes a snapshot unless nothing is new; never throws.
   *
   * @param budgetNs how long the walk may take for the readers' sake; 0: flat out
   */
  synchronized void take(
      Supplier<@Nullable AppliedOffsets> applied, BooleanSupplier abandoned, long budgetNs) {
    long startNs = System.nanoTime();
    AppliedOffsets offsets = applied.get();
    if (offsets == null) {
      // Not read up to anywhere yet: a snapshot could not say from where to go on.
      return;
    }
    if (last != null && offsets.isAt(last)) {
      metrics.unchanged.inc();
      currentAtNs = startNs;
      return;
    }
    try {
      SnapshotSize size = write(offsets, abandoned, budgetNs);
      last = offsets;
      lastSize = size;
      succeeded(size, startNs);
    } catch (AbandonedException e) {
      LOG.info("A snapshot was not finished: it was in the way of the stop");
    } catch (IOException e) {
      failed(isFull(e) ? "disk_full" : "io", e.toString(), null);
    } catch (RuntimeException | Error e) {
      failed("failed", e.toString(), e);
    }
  }

  private SnapshotSize write(AppliedOffsets offsets, BooleanSupplier abandoned, long budgetNs)
      throws IOException {
    checkRoom();
    Path unfinished = directory.next();
    try {
      SnapshotSize size;
      try (FileChannel file =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        SnapshotHeader header = SnapshotHeader.of(clock.millis(), topic, offsets, limits);
        StoreStats stats = store.stats();
        Pace pace = new Pace(stats.posts() + stats.tombstones(), budgetNs);
        SnapshotWriter writer = new SnapshotWriter(file, header, abandoned, pace);
        store.walk(writer);
        // After the walk: what the budget made leave meanwhile is given up at the load as well.
        size = writer.finish(store.evictedBefore());
        file.force(true);
      }
      directory.publish(unfinished);
      return size;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void checkRoom() throws IOException {
    SnapshotSize before = lastSize;
    long posts = store.stats().posts();
    long perPost =
        before == null || before.posts() == 0
            ? GUESSED_POST_BYTES
            : before.bytes() / before.posts() + 1;
    long wanted = posts * perPost;
    long free = directory.freeBytes();
    if (free < wanted) {
      throw new DiskFullException(wanted, free);
    }
  }

  private void succeeded(SnapshotSize size, long startNs) {
    long tookNs = System.nanoTime() - startNs;
    metrics.written.inc();
    metrics.sizeBytes.set((double) size.bytes());
    metrics.posts.set((double) size.posts());
    metrics.durationSeconds.set(tookNs / 1e9);
    currentAtNs = startNs;
    if (failure != null) {
      LOG.info("Snapshots can be written again");
      failure = null;
    }
    LOG.debug("Wrote {} in {} ms", size, TimeUnit.NANOSECONDS.toMillis(tookNs));
  }

  /** Once until the next that succeeds: the metric counts the others. */
  private void failed(String reason, String why, @Nullable Throwable bug) {
    metrics.failures.labelValues(reason).inc();
    if (failure == null) {
      LOG.warn("A snapshot could not be written, and those before it stay: {}", why, bug);
    }
    failure = why;
  }

  private static boolean isFull(IOException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof DiskFullException
        || message.contains("no space left")
        || message.contains("quota exceeded");
  }

  private static final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    DiskFullException(long wanted, long free) {
      super("it needs about %d MiB, and %d MiB are free".formatted(wanted >> 20, free >> 20));
    }
  }
}
