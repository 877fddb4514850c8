package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.report.Row;
import io.thunderhead.store.ReadQuery;

/** Times reads of two stores by turns, A B A B, so that what disturbs one disturbs the other. */
final class SideBySide {
  private final Report report;
  private final int rounds;
  private final long budgetNs;

  SideBySide(Report report, int rounds, long budgetNs) {
    this.report = report;
    this.rounds = rounds;
    this.budgetNs = budgetNs;
  }

  /** Adds the row of the medians; returns ours in nanoseconds. */
  double compare(String name, Reads ours, Reads baseline, String against, ReadQuery[] queries) {
    double[] a = new double[rounds];
    double[] b = new double[rounds];
    int ourNext = Reads.time(ours, queries, 0, budgetNs / 2).next();
    int otherNext = 0;
    for (int round = 0; round < rounds; round++) {
      Reads.Timing mine = Reads.time(ours, queries, ourNext, budgetNs);
      Reads.Timing other = Reads.time(baseline, queries, otherNext, budgetNs);
      a[round] = mine.nsPerQuery();
      b[round] = other.nsPerQuery();
      ourNext = mine.next();
      otherNext = other.next();
    }
    double median = CpuTime.median(a);
    report.add(
        Row.lessIsBetter(name, median / 1e3, "CPU us per query", CpuTime.median(b) / 1e3, against));
    return median;
  }

  /** One store alone. */
  double time(Reads reads, ReadQuery[] queries) {
    double[] all = new double[rounds];
    int next = Reads.time(reads, queries, 0, budgetNs / 2).next();
    for (int round = 0; round < rounds; round++) {
      Reads.Timing timing = Reads.time(reads, queries, next, budgetNs);
      all[round] = timing.nsPerQuery();
      next = timing.next();
    }
    return CpuTime.median(all);
  }
}
