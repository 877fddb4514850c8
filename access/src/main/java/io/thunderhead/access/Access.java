package io.thunderhead.access;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The door of one role, for its gRPC and its HTTP port. Changed files count from then on. */
public final class Access implements AutoCloseable {
  private final AccessConfig config;
  private final AccessMetrics metrics;
  private final FileWatch watch;

  /** Begins to watch the files. */
  public Access(AccessConfig config, PrometheusRegistry registry) {
    this.config = config;
    this.metrics = new AccessMetrics(registry, () -> expiresSeconds(config));
    Set<Reloadable> files = new LinkedHashSet<>();
    for (ServerTls tls : new ServerTls[] {config.grpcTls(), config.httpTls()}) {
      if (tls != null) {
        files.addAll(tls.files());
      }
    }
    for (Tokens tokens : new Tokens[] {config.grpcTokens(), config.httpTokens()}) {
      if (tokens != null) {
        files.add(tokens);
      }
    }
    this.watch = new FileWatch(List.copyOf(files), config.lookEvery(), metrics::reloaded);
  }

  /** A door that stands open. */
  public static Access open(PrometheusRegistry registry) {
    return new Access(AccessConfig.open(), registry);
  }

  /** Puts the door before a gRPC server; to be called before its other interceptors are added. */
  public void guard(NettyServerBuilder server) {
    ServerTls tls = config.grpcTls();
    if (tls != null) {
      server.sslContext(tls.grpc());
    }
    Tokens tokens = config.grpcTokens();
    if (tokens != null) {
      server.intercept(new TokenInterceptor(tokens, metrics));
    }
  }

  /** How HTTP is encrypted; null: not at all. */
  public @Nullable ServerTls httpTls() {
    return config.httpTls();
  }

  /** Why an HTTP request is turned away, or null if it may go on. */
  public @Nullable String refuseHttp(@Nullable String authorization) {
    Tokens tokens = config.httpTokens();
    if (tokens != null
        && tokens.visit(authorization) instanceof Tokens.Stranger(String reason, String words)) {
      metrics.refused("http", reason);
      return words;
    }
    return null;
  }

  /** What keeps callers from coming in, in words: a certificate that has expired meanwhile. */
  public List<String> problems() {
    return Stream.of(config.grpcTls(), config.httpTls())
        .filter(Objects::nonNull)
        .map(ServerTls::problem)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    watch.close();
  }

  private static long expiresSeconds(AccessConfig config) {
    ServerTls tls = config.grpcTls() == null ? config.httpTls() : config.grpcTls();
    Instant expires = tls == null ? Instant.EPOCH : tls.expires();
    return expires.getEpochSecond();
  }
}
