package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
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
    Collections collections = new Collections();
    // Waits by the hundredth of a millisecond; the last counts all that are longer.
    long[] waits = new long[200_000];
    long longest = 0;
    long done = 0;
    long begin = System.nanoTime();
    try (Writer writer = new Writer(store, stream, RATE)) {
      long last = begin;
      while (last - begin < seconds * 1_000_000_000L) {
        reads.answer(queries[(int) (done++ % queries.length)]);
        long now = System.nanoTime();
        waits[(int) Math.min(waits.length - 1, (now - last) / 10_000)]++;
        longest = Math.max(longest, now - last);
        last = now;
      }
      report.add(Row.alone("soak-writer", writer.rate(), "events/s"));
    }
    report.add(Row.alone("soak-reads", done / (double) seconds, "queries/s"));
    report.add(Row.alone("soak-p50", quantile(waits, 0.5), "ms"));
    report.add(Row.alone("soak-p99", quantile(waits, 0.99), "ms"));
    report.add(Row.alone("soak-p999", quantile(waits, 0.999), "ms"));
    report.add(Row.alone("soak-longest-pause", longest / 1e6, "ms"));
    collections.tell(report);
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
        return (i + 1) / 100.0;
      }
    }
    return waits.length / 100.0;
  }
}
