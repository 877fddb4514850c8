package io.thunderhead.app.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The whole of Thunderhead in one process.
 *
 * @param seconds how long the generator runs, 0 until stopped
 * @param dataDir null for a temporary directory that is removed at the end
 */
public record DemoConfig(
    HttpConfig http,
    int grpcPort,
    int kafkaPort,
    int rate,
    int authors,
    long seed,
    long seconds,
    @Nullable Path dataDir) {
  public DemoConfig {
    Limits.port("grpc-port", grpcPort);
    Limits.port("kafka-port", kafkaPort);
    Limits.between("rate", rate, 1, 10_000_000);
    Limits.between("authors", authors, 10, 50_000_000);
    Limits.atLeast("seconds", seconds, 0);
  }
}
