package io.thunderhead.benchmarks.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rounds of several figures, taken in turn; what counts of each is the median. */
final class Rates {
  private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

  void add(String name, double value) {
    rounds.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  double median(String name) {
    List<Double> sorted = new ArrayList<>(rounds.getOrDefault(name, List.of()));
    Collections.sort(sorted);
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Every round of every figure, for the raw results. */
  Map<String, List<Double>> all() {
    return rounds;
  }
}
