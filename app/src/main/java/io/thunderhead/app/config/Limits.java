package io.thunderhead.app.config;

/** Checks of single settings; each message names the setting as the user writes it. */
public final class Limits {
  private Limits() {}

  public static int between(String setting, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "--%s must be from %d to %d, not %d".formatted(setting, least, most, value));
    }
    return value;
  }

  public static long atLeast(String setting, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "--%s must be at least %d, not %d".formatted(setting, least, value));
    }
    return value;
  }

  public static String notBlank(String setting, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("--" + setting + " must not be empty");
    }
    return value;
  }

  /** A TCP port, 0 for any free one. */
  public static int port(String setting, int value) {
    return between(setting, value, 0, 65_535);
  }
}
