package io.thunderhead.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure. The ratio says how many times better than the baseline it is, whichever
 * direction better is; below 1 we lose.
 *
 * @param baseline the peer's figure in the same unit and run; null when there is none
 * @param against what the baseline is
 */
@JsonPropertyOrder({"name", "value", "unit", "baseline", "ratio", "against"})
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Row(
    String name,
    double value,
    String unit,
    @Nullable Double baseline,
    @Nullable Double ratio,
    @Nullable String against) {

  /** A figure with nothing to hold it against. */
  public static Row alone(String name, double value, String unit) {
    return new Row(name, rounded(value), unit, null, null, null);
  }

  public static Row lessIsBetter(
      String name, double value, String unit, double baseline, String against) {
    return of(name, value, unit, baseline, baseline / value, against);
  }

  public static Row moreIsBetter(
      String name, double value, String unit, double baseline, String against) {
    return of(name, value, unit, baseline, value / baseline, against);
  }

  private static Row of(
      String name, double value, String unit, double baseline, double ratio, String against) {
    return new Row(name, rounded(value), unit, rounded(baseline), rounded(ratio), against);
  }

  /** Four significant digits, or none behind the point; more is noise. */
  private static double rounded(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return 0;
    }
    double magnitude = Math.pow(10, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value)))));
    return Math.round(value * magnitude) / magnitude;
  }
}
