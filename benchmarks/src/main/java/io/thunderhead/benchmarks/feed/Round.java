package io.thunderhead.benchmarks.feed;

import java.util.Arrays;
import java.util.List;

/** What one server did in one stretch of a run, or in several together. */
@SuppressWarnings("ArrayRecordComponent") // Sorted once, never compared.
record Round(long[] latenciesNs, double requestsPerSecond, double cpuUsPerRequest) {

  static Round of(List<long[]> latencies, long tookNs, long cpuNs) {
    long[] sorted = sorted(latencies);
    return new Round(sorted, sorted.length * 1e9 / tookNs, cpuNs / 1e3 / sorted.length);
  }

  /** All latencies, and the medians of the rest. */
  static Round of(List<Round> rounds) {
    return new Round(
        sorted(rounds.stream().map(Round::latenciesNs).toList()),
        median(rounds.stream().mapToDouble(Round::requestsPerSecond).toArray()),
        median(rounds.stream().mapToDouble(Round::cpuUsPerRequest).toArray()));
  }

  /** The latency that so many per mille of the requests did not exceed. */
  double perMilleUs(int perMille) {
    return latenciesNs[(int) ((latenciesNs.length - 1) * (long) perMille / 1000)] / 1e3;
  }

  private static long[] sorted(List<long[]> latencies) {
    return latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
