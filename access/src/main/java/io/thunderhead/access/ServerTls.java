package io.thunderhead.access;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How a server shows who it is, and whom it wants to see a certificate of. Handshakes are the JDK's
 * on every port, so its list of disabled algorithms holds for all.
 */
public final class ServerTls {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** For as long an old session may skip the exchange of certificates. */
  private static final Duration SESSION = Duration.ofMinutes(5);

  private final Identity identity;
  private final @Nullable Issuers callers;

  private ServerTls(Identity identity, @Nullable Issuers callers) {
    this.identity = identity;
    this.callers = callers;
  }

  /**
   * Reads and checks the files.
   *
   * @param certificate PEM, the server's own first, then those between it and its root
   * @param key PEM, PKCS #8
   * @param clientCa PEM; callers must show a certificate of one of these; null: they need none
   * @throws IllegalArgumentException if one is missing, damaged, not valid now or of another pair
   */
  public static ServerTls load(
      Path certificate, Path key, @Nullable Path clientCa, InstantSource clock) {
    Identity identity = new Identity("tlsCertificate", certificate, "tlsKey", key, clock);
    return new ServerTls(
        identity, clientCa == null ? null : Issuers.ofCallers("tlsClientCa", clientCa, clock));
  }

  /** The same for a port whose callers need no certificate. */
  public ServerTls withoutCallers() {
    return new ServerTls(identity, null);
  }

  /** Whether callers must show a certificate. */
  public boolean mutual() {
    return callers != null;
  }

  Instant expires() {
    return identity.expires();
  }

  @Nullable String problem() {
    return identity.problem();
  }

  List<Reloadable> files() {
    List<Reloadable> files = new ArrayList<>();
    files.add(identity);
    if (callers != null) {
      files.add(callers);
    }
    return files;
  }

  /** For the JDK's HTTP server; {@link #parameters} goes with it. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {identity.keys()},
          callers == null ? null : new TrustManager[] {callers.trust()},
          null);
      context.getServerSessionContext().setSessionTimeout((int) SESSION.toSeconds());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK offers no TLS", e);
    }
  }

  /** What each handshake of {@link #context} must keep to. */
  public SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS.clone());
    parameters.setNeedClientAuth(mutual());
    return parameters;
  }

  SslContext grpc() {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forServer(identity.keys()), SslProvider.JDK)
            .protocols(PROTOCOLS)
            .sessionTimeout(SESSION.toSeconds());
    if (callers != null) {
      builder.trustManager(callers.trust()).clientAuth(ClientAuth.REQUIRE);
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("gRPC takes no TLS context of the JDK", e);
    }
  }
}
