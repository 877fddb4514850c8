package io.thunderhead.access;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Which servers a client believes, and the certificate that it shows them. */
public final class ClientTls {
  private final @Nullable Issuers servers;
  private final @Nullable Identity identity;

  private ClientTls(@Nullable Issuers servers, @Nullable Identity identity) {
    this.servers = servers;
    this.identity = identity;
  }

  /**
   * Reads and checks the files.
   *
   * @param serverCa PEM, those who vouch for servers; null: those whom the JVM believes
   * @param certificate PEM, the client's own, to be shown where it is asked for; null: none
   * @param key PEM, PKCS #8; with a certificate only
   * @throws IllegalArgumentException if one is missing, damaged, not valid now or of another pair
   */
  public static ClientTls load(
      @Nullable Path serverCa,
      @Nullable Path certificate,
      @Nullable Path key,
      InstantSource clock) {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException("clientCertificate and clientKey must be given together");
    }
    return new ClientTls(
        serverCa == null ? null : Issuers.ofServers("serverCa", serverCa, clock),
        certificate == null || key == null
            ? null
            : new Identity("clientCertificate", certificate, "clientKey", key, clock));
  }

  /**
   * Checks files that another library is going to read, whose messages would say less.
   *
   * @throws IllegalArgumentException as {@link #load}, with these names of the settings
   */
  public static void check(
      String caSetting,
      @Nullable Path serverCa,
      String certificateSetting,
      @Nullable Path certificate,
      String keySetting,
      @Nullable Path key,
      InstantSource clock) {
    if (serverCa != null) {
      Issuers.ofServers(caSetting, serverCa, clock);
    }
    if (certificate != null && key != null) {
      new Identity(certificateSetting, certificate, keySetting, key, clock);
    }
  }

  List<Reloadable> files() {
    List<Reloadable> files = new ArrayList<>();
    if (servers != null) {
      files.add(servers);
    }
    if (identity != null) {
      files.add(identity);
    }
    return files;
  }

  SslContext grpc() {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
    if (servers != null) {
      builder.trustManager(servers.trust());
    }
    if (identity != null) {
      builder.keyManager(identity.keys());
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("gRPC takes no TLS context of the JDK", e);
    }
  }
}
