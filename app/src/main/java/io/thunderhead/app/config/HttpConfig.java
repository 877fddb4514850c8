package io.thunderhead.app.config;

/**
 * Where a role answers HTTP.
 *
 * @param port 0 for any free one, {@link #OFF} for no HTTP at all
 */
public record HttpConfig(String bind, int port) {
  public static final int OFF = -1;

  public HttpConfig {
    Limits.notBlank("bind", bind);
    if (port != OFF) {
      Limits.port("http-port", port);
    }
  }

  public boolean enabled() {
    return port != OFF;
  }
}
