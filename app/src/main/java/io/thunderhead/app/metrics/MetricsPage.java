package io.thunderhead.app.metrics;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/** What a role answers at {@code /metrics}, read by somebody else. */
public record MetricsPage(List<String> lines) {
  public static final MetricsPage NOTHING = new MetricsPage(List.of());

  public MetricsPage {
    lines = List.copyOf(lines);
  }

  public static MetricsPage of(String text) {
    return new MetricsPage(text.lines().toList());
  }

  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The sum over all samples of a metric whose line passes; empty if there are none. */
  public OptionalDouble sum(String name, Predicate<String> line) {
    return sumWhere(one -> nameOf(one).equals(name) && line.test(one));
  }

  /** The sum over all samples of the metrics whose names end so; empty if there are none. */
  public OptionalDouble sumEnding(String ending) {
    return sumWhere(one -> nameOf(one).endsWith(ending));
  }

  private OptionalDouble sumWhere(Predicate<String> wanted) {
    double sum = 0;
    boolean found = false;
    for (String line : lines) {
      if (wanted.test(line)) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        found = true;
      }
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  private static String nameOf(String line) {
    if (line.startsWith("#")) {
      return "";
    }
    int brace = line.indexOf('{');
    int end = brace >= 0 ? brace : line.indexOf(' ');
    return end < 0 ? "" : line.substring(0, end);
  }
}
