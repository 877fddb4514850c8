package io.thunderhead.benchmarks.restart;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.benchmarks.workload.PostStream;
import io.thunderhead.benchmarks.workload.Workload;
import io.thunderhead.log.read.AppliedOffset;
import io.thunderhead.log.read.AppliedOffsets;
import io.thunderhead.serving.snapshot.SnapshotConfig;
import io.thunderhead.serving.snapshot.SnapshotMetrics;
import io.thunderhead.serving.snapshot.Snapshots;
import io.thunderhead.store.PostBatch;
import io.thunderhead.store.PostReader;
import io.thunderhead.store.PostStore;
import io.thunderhead.store.ReadQuery;
import io.thunderhead.store.ReadResult;
import io.thunderhead.store.StopSignal;
import io.thunderhead.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Uuid;

/**
 * One reader of a store in this process, by turns while snapshots of it are written one after the
 * other and while none is. Each read is timed on the wall.
 */
final class ReadersBeside {
  private static final int FOLLOWS = 1000;
  private static final int RESULTS = 400;
  private static final int MAX_SAMPLES = 1 << 20;

  private final Workload workload;
  private final Path directory;
  private final Report report;
  private final int rounds;
  private final long roundNs;
  private byte[] answer = new byte[1 << 20];

  ReadersBeside(Workload workload, Path directory, Report report, int rounds, long roundNs) {
    this.workload = workload;
    this.directory = directory;
    this.report = report;
    this.rounds = rounds;
    this.roundNs = roundNs;
  }

  void run() throws IOException, InterruptedException {
    report.progress("filling a store in this process");
    PostStore store = new PostStore(StoreConfig.defaults());
    PostStream stream = workload.stream();
    PostBatch batch = new PostBatch();
    for (int i = 0; i < workload.posts(); i++) {
      stream.next(batch.add());
      if (batch.isFull()) {
        store.apply(batch, stream.now());
      }
    }
    store.apply(batch, stream.now());
    ReadQuery[] queries = workload.queries(stream, 1000, FOLLOWS, RESULTS);
    Samples alone = new Samples();
    Samples beside = new Samples();
    long now = stream.now();
    read(store, queries, now, new Samples()); // To be compiled.
    for (int round = 0; round < rounds; round++) {
      read(store, queries, now, alone);
      try (Writing writing = new Writing(store, now)) {
        read(store, queries, now, beside);
        report.progress("round " + round + ": " + writing.written() + " snapshots begun");
      }
    }
    for (double quantile : new double[] {0.5, 0.99, 0.999, 1}) {
      String name = quantile == 1 ? "longest" : "p" + Double.toString(quantile * 100);
      report.add(
          Row.lessIsBetter(
              "read-1000-follows-" + name.replaceAll("\\.0$", "") + "-while-writing",
              beside.atUs(quantile),
              "us",
              alone.atUs(quantile),
              "no snapshot being written"));
    }
  }

  private void read(PostStore store, ReadQuery[] queries, long now, Samples into) {
    PostReader reader = store.newReader();
    long begin = System.nanoTime();
    long last = begin;
    for (int i = 0; last - begin < roundNs; i++) {
      ReadResult result = reader.read(queries[i % queries.length], now, StopSignal.NEVER);
      if (answer.length < result.encodedLength()) {
        answer = new byte[result.encodedLength() * 2];
      }
      result.copyTo(answer, 0);
      long done = System.nanoTime();
      into.add(done - last);
      last = done;
    }
  }

  /** Writes snapshots one after the other until closed. */
  private final class Writing implements AutoCloseable {
    private final Snapshots snapshots;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private volatile int written;

    Writing(PostStore store, long now) throws IOException {
      snapshots =
          new Snapshots(
              SnapshotConfig.of(directory),
              "bench",
              StoreConfig.defaults(),
              store,
              () -> Instant.ofEpochSecond(now),
              new SnapshotMetrics(new PrometheusRegistry()));
      thread = Thread.ofPlatform().daemon().name("snapshots").start(this::run);
    }

    int written() {
      return written;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One writer.
    private void run() {
      while (!stopped.get()) {
        written++;
        AppliedOffset offset = new AppliedOffset(0, written, -1, 0);
        snapshots.take(() -> new AppliedOffsets(Uuid.ONE_UUID, List.of(offset)));
      }
    }

    @Override
    public void close() throws IOException {
      stopped.set(true);
      snapshots.stop();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      snapshots.close();
    }
  }

  private static final class Samples {
    private final long[] ns = new long[MAX_SAMPLES];
    private int count;

    void add(long durationNs) {
      if (count < MAX_SAMPLES) {
        ns[count++] = durationNs;
      }
    }

    double atUs(double quantile) {
      long[] sorted = Arrays.copyOf(ns, count);
      Arrays.sort(sorted);
      return sorted[(int) Math.min(count - 1L, (long) (count * quantile))] / 1e3;
    }
  }
}
