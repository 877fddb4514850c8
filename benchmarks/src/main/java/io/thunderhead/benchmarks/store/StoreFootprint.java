package io.thunderhead.benchmarks.store;

import io.thunderhead.store.PostFields;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.StopSignal;
import io.thunderhead.store.StoreConfig;
import io.thunderhead.store.StoreStats;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/**
 * Fills a store with the workload and prints its bytes per post by part, beside the heap's own
 * count; then times some reads.
 */
public final class StoreFootprint {
  private StoreFootprint() {}

  /** Arguments: posts (1,000,000) and authors (a tenth of the posts). */
  public static void main(String[] args) {
    int posts = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int authors = args.length > 1 ? Integer.parseInt(args[1]) : posts / 10;
    PrintStream out = System.out;
    Workload workload = new Workload(posts, authors);
    long before = usedHeap();
    PostStore store = new PostStore(StoreConfig.defaults());
    long encoded = fill(store, workload, out);
    long used = usedHeap() - before;
    StoreStats stats = store.stats();
    double live = stats.posts();
    out.printf(
        Locale.ROOT,
        "%,d posts of %,d authors held, %.1f encoded bytes each%n",
        stats.posts(),
        stats.authors(),
        (double) encoded / posts);
    out.printf(
        Locale.ROOT,
        "bytes per post: blocks %.1f + timelines %.1f + index %.1f + authors %.1f = %.1f; heap %.1f%n",
        stats.blockBytes() / live,
        stats.timelineBytes() / live,
        stats.indexBytes() / live,
        stats.authorBytes() / live,
        stats.totalBytes() / live,
        used / live);
    for (int follows : new int[] {200, 1000, 5000}) {
      time(store, workload, follows, out);
    }
  }

  private static long fill(PostStore store, Workload workload, PrintStream out) {
    PostFields fields = new PostFields();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long encoded = 0;
    long cpuNs = 0;
    for (int i = 0; i < workload.posts(); i++) {
      workload.fill(fields, i);
      encoded += fields.encodedLength;
      long start = System.nanoTime();
      store.create(fields, fields.createdAt);
      cpuNs += System.nanoTime() - start;
    }
    for (long id : workload.deletes()) {
      store.delete(id, 0, workload.now(), workload.now(), workload.now());
    }
    out.printf(
        Locale.ROOT,
        "%.0f ns per create, clock calls included (thread CPU in all %.1f s)%n",
        (double) cpuNs / workload.posts(),
        threads.getCurrentThreadCpuTime() / 1e9);
    return encoded;
  }

  private static void time(PostStore store, Workload workload, int follows, PrintStream out) {
    ReadQuery[] queries = workload.queries(200, follows, 400);
    PostReader reader = store.newReader();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = Double.MAX_VALUE;
    long bytes = 0;
    for (int round = 0; round < 20; round++) {
      long start = threads.getCurrentThreadCpuTime();
      for (ReadQuery query : queries) {
        bytes += reader.read(query, workload.now(), StopSignal.NEVER).encodedLength();
      }
      best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / 1e3 / queries.length);
    }
    out.printf(
        Locale.ROOT,
        "%d follows, 400 results: %.0f us of CPU per read (best of 20 rounds), %,d bytes%n",
        follows,
        best,
        bytes / (20L * queries.length));
  }

  private static long usedHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
