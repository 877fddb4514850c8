package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * A full store that goes on for minutes, with a writer that pushes the retention along and a reader
 * who notes every wait. The collector's own log is the JVM's: {@code -Xlog:gc*:file=gc.log}.
 */
final class Soak {
  private static final int RATE = 100_000;

  private final Workload workload;
  private final Report report;

  Soak(Workload workload, Report report) {
    this.workload = workload;
    this.report = report;
  }

  void run(int seconds) {
    PostStore store = new PostStore(ThunderLimits.WORKLOAD.ours());
    PostStream stream = workload.stream();
    Batches batches = new Batches();
    while (stream.made() < workload.posts()) {
      batches.take(stream, (int) Math.min(Batches.POSTS, workload.posts() - stream.made()));
      batches.applyTo(store, stream.now());
    }
    ReadQuery[] queries = workload.queries(stream, 1000, 1000, 400);
    OurReads reads = new OurReads(store, stream.now());
    long collections = collections();
    long collecting = collectingMs();
    // Waits by the tenth of a millisecond; the last counts all that are longer.
    long[] waits = new long[20_000];
    long longest = 0;
    long done = 0;
    long begin = System.nanoTime();
    try (Writer writer = new Writer(store, stream, RATE)) {
      long last = begin;
      while (last - begin < seconds * 1_000_000_000L) {
        reads.answer(queries[(int) (done++ % queries.length)]);
        long now = System.nanoTime();
        waits[(int) Math.min(waits.length - 1, (now - last) / 100_000)]++;
        longest = Math.max(longest, now - last);
        last = now;
      }
      report.add(Row.alone("soak-writer", writer.rate(), "events/s"));
    }
    report.add(Row.alone("soak-reads", done / (double) seconds, "queries/s"));
    report.add(Row.alone("soak-p99", quantile(waits, 0.99), "ms, rounded up to tenths"));
    report.add(Row.alone("soak-p999", quantile(waits, 0.999), "ms, rounded up to tenths"));
    report.add(Row.alone("soak-longest-pause", longest / 1e6, "ms"));
    report.add(
        Row.alone("soak-collections", (double) (collections() - collections), "pauses and cycles"));
    report.add(Row.alone("soak-collecting", (double) (collectingMs() - collecting), "ms in all"));
    report.add(Row.alone("soak-posts", (double) store.stats().posts(), "posts held at the end"));
    report.add(
        Row.alone("soak-expired", (double) store.stats().expired(), "posts that left by age"));
    report.summary(
        "bench store --soak-seconds %d: longest pause %.1f ms".formatted(seconds, longest / 1e6));
  }

  private static double quantile(long[] waits, double share) {
    long wanted = (long) (Arrays.stream(waits).sum() * share);
    long seen = 0;
    for (int i = 0; i < waits.length; i++) {
      seen += waits[i];
      if (seen > wanted) {
        return (i + 1) / 10.0;
      }
    }
    return waits.length / 10.0;
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private static long collectingMs() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
