package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.StoreStats;
import java.util.Arrays;

/** How a read of ours grows with the follow list, and with the posts in the store. */
final class Curves {
  private static final int RESULTS = 400;
  private static final int[] FOLLOWS = {10, 100, 1000, 10_000, 100_000};

  /** The store that is asked with every number of follows, if there is one of this size. */
  private static final int FOLLOWS_IN = 10_000_000;

  private final Report report;
  private final SideBySide times;

  Curves(Report report) {
    this.report = report;
    times = new SideBySide(report, 5, 200_000_000);
  }

  /** One store of each size, one of them with every number of follows too. */
  void run(int[] sizes) {
    boolean usual = Arrays.stream(sizes).anyMatch(size -> size == FOLLOWS_IN);
    for (int size : sizes) {
      Workload workload = new Workload(size, Math.max(200_000, size / 10));
      PostStore store = new PostStore(ThunderLimits.WORKLOAD.ours());
      PostStream stream = workload.stream();
      Batches batches = new Batches();
      long spent = 0;
      while (stream.made() < size) {
        batches.take(stream, (int) Math.min(Batches.POSTS, size - stream.made()));
        long start = CpuTime.ns();
        batches.applyTo(store, stream.now());
        spent += CpuTime.ns() - start;
      }
      report.add(Row.alone("curve-insert-" + size, size * 1e9 / spent, "events per CPU second"));
      report.progress("%,d posts are in".formatted(size));
      OurReads reads = new OurReads(store, stream.now());
      row("curve-posts-" + size, reads, workload.queries(stream, 1000, 1000, RESULTS));
      StoreStats stats = store.stats();
      report.add(
          Row.alone(
              "curve-bytes-per-post-" + size,
              (double) stats.totalBytes() / stats.posts(),
              "bytes"));
      if (size == (usual ? FOLLOWS_IN : sizes[sizes.length - 1])) {
        for (int follows : FOLLOWS) {
          int count = Math.max(20, Math.min(1000, 1_000_000 / follows));
          ReadQuery[] queries = workload.queries(stream, count, follows, RESULTS);
          row("curve-follows-" + follows, reads, queries);
        }
      }
    }
  }

  private void row(String name, Reads reads, ReadQuery[] queries) {
    report.add(Row.alone(name, times.time(reads, queries) / 1e3, "CPU us per query"));
  }
}
