package io.thunderhead.serving.snapshot;

import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostLoad;
import io.thunderhead.store.PostStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Puts a snapshot into an empty store with several threads: the posts section by section, what they
 * refer to author by author, then the tombstones. What is past the retention by now, or too much
 * for the store, is turned away by the store itself.
 */
final class SnapshotLoader {
  private static final byte[] NO_BUFFER = {};

  private final PostStore store;
  private final InstantSource clock;
  private final BooleanSupplier stop;

  SnapshotLoader(PostStore store, InstantSource clock, BooleanSupplier stop) {
    this.store = store;
    this.clock = clock;
    this.stop = stop;
  }

  /**
   * Loads all of it, or part of it and throws; false if it was stopped before the end.
   *
   * @throws RefusedSnapshotException if what was loaded can't be trusted: empty the store
   */
  boolean load(SnapshotFile file, int threads)
      throws RefusedSnapshotException, InterruptedException {
    store.evictBefore(file.evictedBefore());
    List<SnapshotFile.Section> posts = new ArrayList<>();
    List<SnapshotFile.Section> tombstones = new ArrayList<>();
    for (SnapshotFile.Section section : file.sections()) {
      (section.type() == SnapshotFormat.TOMBSTONES ? tombstones : posts).add(section);
    }
    // The threads end first, then the load.
    try (PostLoad load = store.load();
        ExecutorService executor =
            Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("snapshot-load-", 0).factory())) {
      if (!loadSections(file, posts, executor, threads, load)) {
        return false;
      }
      load.index();
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int part = i;
        running.add(
            executor.submit(() -> {
              load.relate(part, threads);
              return true;
            }));
      }
      for (Future<Boolean> one : running) {
        result(one);
      }
    }
    // Last, so that no post comes back that has left before its author was written down.
    byte[] buffer = NO_BUFFER;
    try {
      for (SnapshotFile.Section section : tombstones) {
        if (stop.getAsBoolean()) {
          return false;
        }
        buffer = file.read(section, buffer);
        loadTombstones(new SectionReader(buffer, section));
      }
    } catch (IOException e) {
      throw SnapshotFile.unreadable(e);
    }
    return true;
  }

  private boolean loadSections(
      SnapshotFile file,
      List<SnapshotFile.Section> sections,
      ExecutorService executor,
      int threads,
      PostLoad load)
      throws RefusedSnapshotException, InterruptedException {
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
            loadPosts(new SectionReader(buffer, section), load, batch);
          }
          return true;
        };
    List<Future<Boolean>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(executor.submit(work));
    }
    boolean whole = true;
    try {
      for (Future<Boolean> one : running) {
        whole &= result(one);
      }
    } finally {
      next.set(sections.size()); // After a failure, the others need not go on.
    }
    return whole;
  }

  private static boolean result(Future<Boolean> one)
      throws RefusedSnapshotException, InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RefusedSnapshotException refused -> throw refused;
        case IOException io -> throw SnapshotFile.unreadable(io);
        case null, default ->
            throw new IllegalStateException("loading a snapshot failed", e.getCause());
      }
    }
  }

  private void loadPosts(SectionReader in, PostLoad load, PostBatch batch)
      throws RefusedSnapshotException {
    long nowSeconds = clock.millis() / 1000;
    batch.clear();
    while (in.hasNext()) {
      in.nextPost(batch.add());
      if (batch.isFull()) {
        load.apply(batch, nowSeconds);
      }
    }
    load.apply(batch, nowSeconds);
  }

  private void loadTombstones(SectionReader in) throws RefusedSnapshotException {
    long nowSeconds = clock.millis() / 1000;
    while (in.hasNext()) {
      long postId = in.nextLong();
      long deletedAt = in.nextLong();
      store.delete(postId, 0, deletedAt, deletedAt, nowSeconds);
    }
  }
}
