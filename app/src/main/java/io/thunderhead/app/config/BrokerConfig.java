package io.thunderhead.app.config;

import java.nio.file.Path;

/** The embedded broker as a process of its own. */
public record BrokerConfig(int port, Path dataDir, HttpConfig http) {
  public BrokerConfig {
    Limits.port("port", port);
    Limits.notBlank("data-dir", dataDir.toString());
  }
}
