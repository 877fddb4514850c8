package io.thunderhead.app.config;

import java.nio.file.Path;

/**
 * The embedded broker as a process of its own.
 *
 * @param advertised {@code HOST:PORT} that clients are told; empty for where it listens
 */
public record BrokerConfig(int port, String advertised, Path dataDir, HttpConfig http) {
  public BrokerConfig {
    Limits.port("port", port);
    if (!advertised.isEmpty() && !advertised.matches(".+:\\d{1,5}")) {
      throw new IllegalArgumentException(
          "--advertised must be HOST:PORT, not '" + advertised + "'");
    }
    Limits.notBlank("data-dir", dataDir.toString());
  }
}
