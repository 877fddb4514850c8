package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.store.ReadQuery;
import java.util.Arrays;

/** What a reader notices of a writer: CPU per query, and each query's own time on the wall. */
final class ReadsUnderWrites {
  private static final int PACE = 20_000;
  private static final int MAX_SAMPLES = 1 << 20;

  private final BothStores stores;
  private final ReadQuery[] queries;
  private final Report report;
  private final long phaseNs;
  private final int rounds;

  ReadsUnderWrites(
      BothStores stores, ReadQuery[] queries, Report report, long phaseNs, int rounds) {
    this.stores = stores;
    this.queries = queries;
    this.report = report;
    this.phaseNs = phaseNs;
    this.rounds = rounds;
  }

  void run() {
    Phase alone = new Phase(rounds);
    Phase paced = new Phase(rounds);
    Phase full = new Phase(rounds);
    double[] pacedRates = new double[rounds];
    double[] rates = new double[rounds];
    OurReads reads = new OurReads(stores.ours(), stores.stream().now());
    for (int round = 0; round < rounds; round++) {
      alone.measure(reads, round);
      try (Writer writer = new Writer(stores.ours(), stores.stream(), PACE)) {
        paced.measure(reads, round);
        pacedRates[round] = writer.rate();
      }
      reads.now(stores.stream().now());
      try (Writer writer = new Writer(stores.ours(), stores.stream(), 0)) {
        full.measure(reads, round);
        rates[round] = writer.rate();
      }
      reads.now(stores.stream().now());
    }
    row("read-1000-follows-writer-20k", paced, alone);
    row("read-1000-follows-writer-full-speed", full, alone);
    report.add(Row.alone("writer-20k", CpuTime.median(pacedRates), "events/s"));
    report.add(
        Row.alone("writer-full-speed", CpuTime.median(rates), "events/s, making them included"));
    latency("no-writer", alone);
    latency("writer-20k", paced);
    latency("writer-full-speed", full);
  }

  private void row(String name, Phase phase, Phase alone) {
    report.add(
        Row.lessIsBetter(
            name,
            CpuTime.median(phase.cpuNs) / 1e3,
            "CPU us per query",
            CpuTime.median(alone.cpuNs) / 1e3,
            "ours without a writer"));
  }

  private void latency(String name, Phase phase) {
    long[] sorted = Arrays.copyOf(phase.wallNs, phase.samples);
    Arrays.sort(sorted);
    report.add(Row.alone("latency-p50-" + name, at(sorted, 0.5), "us"));
    report.add(Row.alone("latency-p99-" + name, at(sorted, 0.99), "us"));
    report.add(Row.alone("latency-p999-" + name, at(sorted, 0.999), "us"));
    report.add(Row.alone("longest-pause-" + name, at(sorted, 1), "us"));
  }

  private static double at(long[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * quantile))] / 1e3;
  }

  /** The figures of one load, over all rounds. */
  private final class Phase {
    private final double[] cpuNs;
    private final long[] wallNs = new long[MAX_SAMPLES];
    private int samples;

    Phase(int rounds) {
      cpuNs = new double[rounds];
    }

    void measure(OurReads reads, int round) {
      long begin = System.nanoTime();
      long cpu = CpuTime.ns();
      long last = begin;
      int done = 0;
      while (last - begin < phaseNs) {
        reads.answer(queries[done % queries.length]);
        long now = System.nanoTime();
        if (samples < MAX_SAMPLES) {
          wallNs[samples++] = now - last;
        }
        last = now;
        done++;
      }
      cpuNs[round] = (double) (CpuTime.ns() - cpu) / done;
    }
  }
}
