package io.thunderhead.app.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as the user writes it: {@code 500ms}, {@code 90s}, {@code 5m}, {@code 2h}. */
record Span(Duration duration) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|)");

  static Span parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no length of time such as 500ms, 90s, 5m or 2h");
    }
    long number = Long.parseLong(matcher.group(1));
    return new Span(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        });
  }

  @Override
  public String toString() {
    return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
  }

  /** Reads a {@link Span}. */
  static final class Converter implements ITypeConverter<Span> {
    @Override
    public Span convert(String value) {
      return parse(value);
    }
  }
}
