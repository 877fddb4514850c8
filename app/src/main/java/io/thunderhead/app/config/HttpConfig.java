package io.thunderhead.app.config;

import io.thunderhead.access.AccessConfig;

/**
 * Where a role answers HTTP.
 *
 * @param port 0 for any free one, {@link #OFF} for no HTTP at all
 * @param access what the role asks of its callers, over HTTP and, where it has it, gRPC
 */
public record HttpConfig(String bind, int port, AccessConfig access) {
  public static final int OFF = -1;

  public HttpConfig {
    Limits.notBlank("bind", bind);
    if (port != OFF) {
      Limits.port("http-port", port);
    }
  }

  /** Open to everybody who reaches it. */
  public static HttpConfig open(String bind, int port) {
    return new HttpConfig(bind, port, AccessConfig.open());
  }

  public boolean enabled() {
    return port != OFF;
  }
}
