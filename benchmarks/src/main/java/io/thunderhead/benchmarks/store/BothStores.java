package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.peer.CompactPost;
import io.thunderhead.benchmarks.peer.ThunderLimits;
import io.thunderhead.benchmarks.peer.ThunderStore;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.store.PostStore;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Our store and the port with the same posts under the same limits, filled by turns. Both take the
 * same decoded fields; making and encoding them is not timed.
 */
final class BothStores {
  /** The rate is the median of so many stretches of the workload. */
  private static final int STRETCHES = 20;

  private final Workload workload;
  private final PostStream stream;
  private final PostStore ours;
  private final Batches batches = new Batches();
  private final double[] ourRate = new double[STRETCHES];
  private final double[] portRate = new double[STRETCHES];
  private final long heapBefore;
  private long heapFilled;
  private @Nullable ThunderStore port;
  private byte[] answer = new byte[1 << 20];

  BothStores(Workload workload) {
    this.workload = workload;
    stream = workload.stream();
    heapBefore = CpuTime.usedHeapBytes();
    ours = new PostStore(ThunderLimits.WORKLOAD.ours());
    port = new ThunderStore(ThunderLimits.WORKLOAD);
  }

  PostStore ours() {
    return ours;
  }

  ThunderStore port() {
    return Objects.requireNonNull(port);
  }

  PostStream stream() {
    return stream;
  }

  Reads portReads() {
    // Not the store itself, which is given up before the lambda is.
    return query -> {
      List<CompactPost> found = port().read(query);
      return ThunderStore.encode(found, buffer(found.size()));
    };
  }

  byte[] buffer(int posts) {
    if (answer.length < posts * 128) {
      answer = new byte[posts * 256];
    }
    return answer;
  }

  /** Puts the workload into both. */
  void fill(Report report) {
    long[] cpu = new long[2];
    long begun = 0;
    int stretch = 0;
    while (stream.made() < workload.posts()) {
      batches.take(stream, (int) Math.min(Batches.POSTS, workload.posts() - stream.made()));
      // The port first: it reads what applying to ours gives back.
      cpu[1] += fillPort();
      cpu[0] += fillOurs();
      if (stream.made() >= (stretch + 1L) * workload.posts() / STRETCHES) {
        ourRate[stretch] = (stream.made() - begun) * 1e9 / cpu[0];
        portRate[stretch] = (stream.made() - begun) * 1e9 / cpu[1];
        begun = stream.made();
        cpu[0] = 0;
        cpu[1] = 0;
        stretch++;
        if (stretch % 5 == 0) {
          report.progress("%,d posts in both stores".formatted(stream.made()));
        }
      }
    }
    heapFilled = CpuTime.usedHeapBytes();
    report.add(
        Row.moreIsBetter(
            "insert",
            CpuTime.median(ourRate),
            "events per CPU second",
            CpuTime.median(portRate),
            "port"));
  }

  /** The workload's deletes, in both. */
  void delete() {
    for (long id : workload.deletes(stream)) {
      ours.delete(id, 0, stream.now(), stream.now(), stream.now());
      port().delete(id, stream.now());
    }
  }

  private long fillOurs() {
    long start = CpuTime.ns();
    batches.applyTo(ours, stream.now());
    return CpuTime.ns() - start;
  }

  /** Thunder drops what is created in this very second, so its clock is one ahead. */
  private long fillPort() {
    long start = CpuTime.ns();
    port().insert(batches.posts(), batches.count(), stream.now() + 1);
    return CpuTime.ns() - start;
  }

  /** Gives the port up, which shows what each holds. */
  void dropPort(Report report) {
    int portPosts = port().size();
    long both = CpuTime.usedHeapBytes();
    port = null;
    long oursAlone = CpuTime.usedHeapBytes();
    long portHeap = both - oursAlone;
    double portBytes = (double) portHeap / portPosts;
    long posts = ours.stats().posts();
    report.add(
        Row.lessIsBetter(
            "bytes-per-post",
            (double) ours.stats().totalBytes() / posts,
            "bytes",
            portBytes,
            "port, heap"));
    report.add(
        Row.lessIsBetter(
            "bytes-per-post-heap",
            (double) (heapFilled - heapBefore - portHeap) / posts,
            "bytes",
            portBytes,
            "port, heap"));
    report.fact("posts held", "ours %,d, port %,d".formatted(posts, portPosts));
  }
}
