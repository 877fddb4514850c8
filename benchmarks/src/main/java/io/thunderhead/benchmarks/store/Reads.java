package io.thunderhead.benchmarks.store;

import io.thunderhead.store.ReadQuery;

/** One store as a reader sees it. */
@FunctionalInterface
interface Reads {
  /** Answers, encoded; returns the answer's bytes. */
  int answer(ReadQuery query);

  /** CPU per query in nanoseconds, over as many queries as fit the time, from one place on. */
  static Timing time(Reads reads, ReadQuery[] queries, int from, long budgetNs) {
    long start = CpuTime.ns();
    int at = from;
    int done = 0;
    long spent = 0;
    while (spent < budgetNs) {
      // Asking for the time costs about a microsecond.
      int burst = done == 0 ? 1 : Math.clamp(budgetNs / 20 * done / spent, 1, 1000);
      for (int i = 0; i < burst; i++) {
        reads.answer(queries[at]);
        at = at + 1 == queries.length ? 0 : at + 1;
      }
      done += burst;
      spent = Math.max(1, CpuTime.ns() - start);
    }
    return new Timing((double) spent / done, at);
  }

  /**
   * One round.
   *
   * @param nsPerQuery thread CPU
   * @param next the query that the next round begins with
   */
  record Timing(double nsPerQuery, int next) {}
}
