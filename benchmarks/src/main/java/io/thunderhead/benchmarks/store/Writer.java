package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.store.PostStore;
import java.util.concurrent.locks.LockSupport;

/**
 * Goes on with the stream in a thread of its own, at a rate or as fast as it can, and trims as a
 * serving node does. Its time is the stream's, so that the retention moves on as it writes.
 */
final class Writer implements AutoCloseable {
  private static final int TRIM_STEPS = 4096;

  private final PostStore store;
  private final PostStream stream;
  private final Batches batches = new Batches();
  private final Thread thread;
  private final long startedNs = System.nanoTime();
  private final long first;
  private volatile boolean stopped;
  private volatile long made;

  /** Starts. A rate of 0 is as fast as it goes. */
  Writer(PostStore store, PostStream stream, int eventsPerSecond) {
    this.store = store;
    this.stream = stream;
    first = stream.made();
    made = first;
    thread = Thread.ofPlatform().name("writer").daemon().start(() -> run(eventsPerSecond));
  }

  /** Events per second of wall time so far. */
  double rate() {
    return (made - first) * 1e9 / (System.nanoTime() - startedNs);
  }

  private void run(int eventsPerSecond) {
    while (!stopped) {
      int count = Batches.POSTS;
      if (eventsPerSecond > 0) {
        long due = (System.nanoTime() - startedNs) * eventsPerSecond / 1_000_000_000L;
        count = (int) Math.min(count, due - (stream.made() - first));
        if (count < 20) {
          LockSupport.parkNanos(500_000);
          continue;
        }
      }
      write(count);
    }
  }

  private void write(int count) {
    batches.take(stream, count);
    long now = stream.now();
    batches.applyTo(store, now);
    made = stream.made();
    store.trim(now, TRIM_STEPS);
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
