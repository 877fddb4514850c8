package io.thunderhead.app.cli;

import io.thunderhead.access.AccessConfig;
import io.thunderhead.access.ServerTls;
import io.thunderhead.access.Tokens;
import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.HttpConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who may reach a role, and how. What is for HTTP alone says so. */
final class AccessFlags {
  static final String LOOPBACK = "127.0.0.1";

  enum HttpTls {
    OFF,
    ON,
    MUTUAL
  }

  @Option(
      names = "--http-bind",
      paramLabel = "HOST",
      description =
          "Address for health, metrics and the page. Where a role serves something else, only this"
              + " machine reaches them unless this is given; else: as --bind.")
  @Nullable String httpBind;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description =
          "Certificate of this server and those between it and its root, PEM; encrypts gRPC. This"
              + " and the other files of access are read again when they change.")
  @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of the certificate, PEM (PKCS #8), RSA or EC.")
  @Nullable Path key;

  @Option(
      names = "--tls-client-ca",
      paramLabel = "FILE",
      description = "Callers must show a certificate of one of these, PEM.")
  @Nullable Path clientCa;

  @Option(
      names = "--http-tls",
      paramLabel = "MODE",
      description =
          "Whether HTTP is encrypted with the same certificate: ${COMPLETION-CANDIDATES}; mutual:"
              + " its callers must show one, too.")
  HttpTls httpTls = HttpTls.OFF;

  @Option(
      names = "--http-token-file",
      paramLabel = "FILE",
      description =
          "Who may see more over HTTP than health: a line NAME SHA-256-OF-TOKEN each. The token"
              + " comes as bearer token or, from browsers, as password.")
  @Nullable Path httpTokenFile;

  @Option(
      names = "--access-reload-seconds",
      paramLabel = "S",
      description = "How often the files of access are looked at for changes.")
  int reloadSeconds = (int) AccessConfig.DEFAULT_LOOK_EVERY.toSeconds();

  /** For a role with HTTP alone. */
  HttpConfig with(HttpFlags http, HttpPort port) {
    if (certificate != null && httpTls == HttpTls.OFF) {
      throw new IllegalArgumentException(
          "--tls-certificate is for HTTP here, and --http-tls is off");
    }
    String bind = httpBind == null ? http.bind : httpBind;
    return new HttpConfig(bind, port.number(), config(null, null));
  }

  /** For a role that also serves gRPC, to those whom the file knows if there is one. */
  HttpConfig withGrpc(HttpPort port, @Nullable Path tokenFile) {
    return new HttpConfig(
        httpBind == null ? LOOPBACK : httpBind, port.number(), config(tls(), tokenFile));
  }

  private AccessConfig config(@Nullable ServerTls grpcTls, @Nullable Path tokenFile) {
    return new AccessConfig(
        grpcTls,
        tokenFile == null ? null : Tokens.load("tokenFile", tokenFile),
        httpTls(grpcTls == null ? tls() : grpcTls),
        httpTokenFile == null ? null : Tokens.load("httpTokenFile", httpTokenFile),
        Duration.ofSeconds(reloadSeconds));
  }

  private @Nullable ServerTls tls() {
    Path shown = certificate;
    Path secret = key;
    if (shown == null && secret == null && clientCa == null) {
      return null;
    }
    if (shown == null || secret == null) {
      throw new IllegalArgumentException(
          "--tls-certificate and --tls-key must be given together, also for --tls-client-ca");
    }
    return ServerTls.load(shown, secret, clientCa, InstantSource.system());
  }

  private @Nullable ServerTls httpTls(@Nullable ServerTls tls) {
    if (httpTls == HttpTls.OFF) {
      return null;
    }
    if (tls == null) {
      throw new IllegalArgumentException("--http-tls needs --tls-certificate and --tls-key");
    }
    if (httpTls == HttpTls.ON) {
      return tls.withoutCallers();
    }
    if (!tls.mutual()) {
      throw new IllegalArgumentException("--http-tls=mutual needs --tls-client-ca");
    }
    return tls;
  }
}
