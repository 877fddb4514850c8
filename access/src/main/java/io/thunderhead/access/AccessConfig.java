package io.thunderhead.access;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a role asks of its callers. Null asks nothing.
 *
 * @param grpcTls how gRPC is encrypted
 * @param grpcTokens who may call over gRPC
 * @param httpTls how HTTP is encrypted
 * @param httpTokens who may see more over HTTP than health
 * @param lookEvery how often the files are looked at for changes
 */
public record AccessConfig(
    @Nullable ServerTls grpcTls,
    @Nullable Tokens grpcTokens,
    @Nullable ServerTls httpTls,
    @Nullable Tokens httpTokens,
    Duration lookEvery) {
  public static final Duration DEFAULT_LOOK_EVERY = Duration.ofSeconds(10);

  public AccessConfig {
    if (lookEvery.toMillis() < 1 || lookEvery.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "accessReloadSeconds must be from 1 to 3600: " + lookEvery.toSeconds());
    }
  }

  /** Everybody may do everything. */
  public static AccessConfig open() {
    return new AccessConfig(null, null, null, null, DEFAULT_LOOK_EVERY);
  }
}
