package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.store.Identity.Checksums;
import io.thunderhead.benchmarks.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The checksums that a run must give, as published in docs/benchmarks/workload.md. For 10 M posts
 * by 1 M authors the port's are those of a build of Thunder's own Rust; those of the quick run are
 * pinned from ours and the port's first. Ours show that a change of the store's inside changed no
 * answer.
 */
final class KnownAnswers {
  private static final Workload FULL = new Workload(10_000_000, 1_000_000);
  private static final Workload QUICK = new Workload(1_000_000, 100_000);
  private static final Map<Workload, Map<String, Checksums>> KNOWN =
      Map.of(
          FULL,
          Map.of(
              "1000 follows",
              new Checksums(
                  "1b6e36fccd851e95", "ddf75d5e8c334f9e", "a99d9ebb9583d64b", "2008813d8e178bef"),
              "200 follows",
              new Checksums(
                  "2e8fd233fc8cf4a4", "95a176b1b4832b70", "cfa1944f1cdb1d57", "2ac09f302fcfa0f8"),
              "5000 follows",
              new Checksums(
                  "a0e5538b2d8408af", "1f176a747752c5e1", "7aaafb19913f5e87", "e348e6f14e650cda")),
          QUICK,
          Map.of(
              "1000 follows",
              new Checksums(
                  "3c33af7a4b53fa25", "014a9994a59e98e1", "4c1cb58f06df4ee8", "9007488e9f09b31c"),
              "200 follows",
              new Checksums(
                  "b4de74bbf03ae844", "bbba11232b16190e", "76530093e8aca7b2", "bb964f78cd936759"),
              "5000 follows",
              new Checksums(
                  "186557415de20833", "68b22bf548485e7b", "8e82a946b51fa078", "fb7218251c1c3b50")));

  private final Map<String, Checksums> known;
  private final Report report;
  private final List<String> wrong = new ArrayList<>();

  KnownAnswers(Workload workload, Report report) {
    known = KNOWN.getOrDefault(workload, Map.of());
    this.report = report;
  }

  void hold(String name, Checksums measured) {
    Checksums expected = known.get(name);
    if (expected == null) {
      report.progress("for this size no checksums are published");
    } else if (measured.equals(expected)) {
      report.progress("the checksums for " + name + " are as published");
    } else {
      report.progress("WRONG: published for " + name + " is " + expected);
      wrong.add(name);
    }
  }

  /** Fails, at the end of the run, when answers were others than they should be. */
  void check() {
    if (!wrong.isEmpty()) {
      throw new BenchFailedException("answers differ from the published ones: " + wrong);
    }
  }
}
