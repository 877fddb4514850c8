package io.thunderhead.benchmarks.store;

import io.thunderhead.benchmarks.report.BenchFailedException;
import io.thunderhead.benchmarks.report.Report;
import io.thunderhead.benchmarks.workload.Workload;
import java.util.Map;

/**
 * The checksums that a run must give. For 10 M posts by 1 M authors the port's are those of a build
 * of Thunder's own Rust; the others were made here.
 */
final class KnownAnswers {
  private static final Workload FULL = new Workload(10_000_000, 1_000_000);
  private static final Map<Workload, Map<String, Identity.Checksums>> KNOWN =
      Map.of(
          FULL,
          Map.of(
              "1000 follows",
              new Identity.Checksums("1b6e36fccd851e95", "ddf75d5e8c334f9e", "", ""),
              "200 follows",
              new Identity.Checksums("2e8fd233fc8cf4a4", "95a176b1b4832b70", "", ""),
              "5000 follows",
              new Identity.Checksums("a0e5538b2d8408af", "1f176a747752c5e1", "", "")));

  private final Map<String, Identity.Checksums> known;
  private final Report report;

  KnownAnswers(Workload workload, Report report) {
    known = KNOWN.getOrDefault(workload, Map.of());
    this.report = report;
  }

  /** Fails when the answers are others than they should be. */
  void hold(String name, Identity.Checksums measured) {
    Identity.Checksums expected = known.get(name);
    if (expected == null) {
      report.progress("no checksums are known for this size");
    } else if (!measured.equals(expected)) {
      throw new BenchFailedException(
          "the answers to %s have the checksums %s, not %s".formatted(name, measured, expected));
    } else {
      report.progress("the checksums for " + name + " are as published");
    }
  }
}
