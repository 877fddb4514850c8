package io.thunderhead.serving.snapshot;

import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Puts a snapshot into a store with several threads, section by section: originals first, so that
 * replies find their parents, then the rest, then the tombstones. What is past the retention by
 * now, or too much for the store, is turned away by the store itself.
 */
final class SnapshotLoader {
  private static final byte[] NO_BUFFER = {};

  private final PostStore store;
  private final InstantSource clock;
  private final BooleanSupplier stop;
  private final AtomicInteger done = new AtomicInteger();

  SnapshotLoader(PostStore store, InstantSource clock, BooleanSupplier stop) {
    this.store = store;
    this.clock = clock;
    this.stop = stop;
  }

  /** Sections loaded so far. */
  int done() {
    return done.get();
  }

  /**
   * Loads all of it, or part of it and throws; false if it was stopped before the end.
   *
   * @throws RefusedSnapshotException if what was loaded can't be trusted: empty the store
   */
  boolean load(SnapshotFile file, int threads)
      throws RefusedSnapshotException, InterruptedException {
    store.evictBefore(file.evictedBefore());
    List<SnapshotFile.Section> sections = new ArrayList<>(file.sections());
    sections.sort(Comparator.comparingInt(SnapshotFile.Section::type));
    AtomicInteger next = new AtomicInteger();
    Callable<Boolean> work =
        () -> {
          byte[] buffer = NO_BUFFER;
          PostBatch batch = new PostBatch();
          for (int i = next.getAndIncrement(); i < sections.size(); i = next.getAndIncrement()) {
            if (stop.getAsBoolean()) {
              return false;
            }
            SnapshotFile.Section section = sections.get(i);
            buffer = file.read(section, buffer);
            load(new SectionReader(buffer, section), section.type(), batch);
            done.incrementAndGet();
          }
          return true;
        };
    try (ExecutorService executor =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("snapshot-load-", 0).factory())) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(work));
      }
      boolean whole = true;
      for (Future<Boolean> one : running) {
        whole &= result(one, next, sections.size());
      }
      return whole;
    }
  }

  private static boolean result(Future<Boolean> one, AtomicInteger next, int end)
      throws RefusedSnapshotException, InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      next.set(end); // The others need not go on.
      switch (e.getCause()) {
        case RefusedSnapshotException refused -> throw refused;
        case IOException io -> throw SnapshotFile.unreadable(io);
        case null, default ->
            throw new IllegalStateException("loading a snapshot failed", e.getCause());
      }
    }
  }

  private void load(SectionReader in, int type, PostBatch batch) throws RefusedSnapshotException {
    long nowSeconds = clock.millis() / 1000;
    if (type == SnapshotFormat.TOMBSTONES) {
      while (in.hasNext()) {
        long postId = in.nextLong();
        long deletedAt = in.nextLong();
        store.delete(postId, 0, deletedAt, deletedAt, nowSeconds);
      }
      return;
    }
    batch.clear();
    while (in.hasNext()) {
      in.nextPost(batch.add());
      if (batch.isFull()) {
        store.apply(batch, nowSeconds);
      }
    }
    store.apply(batch, nowSeconds);
  }
}
