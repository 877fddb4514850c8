package io.thunderhead.access;

import static io.thunderhead.access.TokensTest.hash;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.thunderhead.access.Certificates.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers of every kind before a guarded gRPC server, over real handshakes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class AccessTest {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final byte[] REQUEST = {1, 2, 3};

  @TempDir private Path dir = Path.of("");
  @TempDir private Path strangersDir = Path.of("");

  private Certificates signed = new Certificates(dir);
  private Certificates strange = new Certificates(dir);
  private Pair server = new Pair(dir, dir);

  @BeforeEach
  void sign() {
    signed = new Certificates(dir);
    strange = new Certificates(strangersDir);
    server = signed.server("server");
  }

  @Test
  void mutualTls_letsInThoseWithACertificateOfItsAuthority_andNobodyElse() {
    Pair mine = signed.server("client");
    Pair stranger = strange.server("stranger");
    Pair old = signed.issue("old", "127.0.0.1", Duration.ofDays(-2), Duration.ofDays(-1));
    try (EchoServer echo = new EchoServer(tls(signed.authority()))) {
      assertThat(echo(echo, client(signed, mine))).isEqualTo(REQUEST);
      assertThat(refused(echo, ClientAccess.open())).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refused(echo, client(signed, null))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refused(echo, client(signed, stranger))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refused(echo, client(strange, mine))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThatThrownBy(() -> client(signed, old)).hasMessageContaining("expired");
      assertThat(echo(echo, client(signed, mine))).isEqualTo(REQUEST);
    }
  }

  @Test
  void tls_ofAnotherHost_isNotBelieved_unlessTheClientIsToldItsName() {
    server = signed.issue("elsewhere", "10.1.2.3", Duration.ofHours(-1), Duration.ofDays(1));
    try (EchoServer echo = new EchoServer(tls(null))) {
      assertThat(refused(echo, client(signed, null))).isEqualTo(Status.Code.UNAVAILABLE);
      ClientTls tls = ClientTls.load(signed.authority(), null, null, InstantSource.system());
      assertThat(echo(echo, new ClientAccess(tls, null, "10.1.2.3"))).isEqualTo(REQUEST);
    }
  }

  @Test
  void oldProtocols_areRefused() throws Exception {
    try (EchoServer echo = new EchoServer(tls(null))) {
      assertThat(handshake(echo.port(), "TLSv1.3")).isEqualTo("TLSv1.3");
      assertThat(handshake(echo.port(), "TLSv1.2")).isEqualTo("TLSv1.2");
      for (String old : new String[] {"TLSv1.1", "TLSv1"}) {
        assertThatThrownBy(() -> handshake(echo.port(), old)).isInstanceOf(SSLException.class);
      }
    }
  }

  @Test
  void certificateReplacedWhileRunning_isShownToNewConnections_andOldOnesGoOn() throws Exception {
    AccessConfig config = tls(null);
    try (EchoServer echo = new EchoServer(config)) {
      ManagedChannel old = channel(echo, client(signed, null));
      assertThat(echo(old)).isEqualTo(REQUEST);
      Pair next = strange.server("next");
      Files.move(next.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
      Files.move(next.certificate(), server.certificate(), StandardCopyOption.REPLACE_EXISTING);
      await().until(() -> echo.counter("thunderhead_access_reloads", "outcome", "taken") == 1);
      assertThat(echo(echo, client(strange, null))).isEqualTo(REQUEST);
      assertThat(refused(echo, client(signed, null))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(echo(old)).isEqualTo(REQUEST);
      old.shutdownNow();

      Files.writeString(server.key(), "half a ke");
      await().until(() -> echo.counter("thunderhead_access_reloads", "outcome", "failed") == 1);
      assertThat(echo(echo, client(strange, null))).isEqualTo(REQUEST);
    }
  }

  @Test
  void tokens_decideBeforeTheRequestIsTaken() throws IOException {
    Path file = Files.writeString(dir.resolve("tokens"), "reader " + hash("good") + "\n");
    try (EchoServer echo = new EchoServer(tokens(file))) {
      assertThat(echo(echo, own("good"))).isEqualTo(REQUEST);
      assertThat(refused(echo, ClientAccess.open())).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(refused(echo, own("wrong"))).isEqualTo(Status.Code.UNAUTHENTICATED);
      for (String header : new String[] {"", "Bearer ", "Bearer gööd", "good"}) {
        assertThat(refusedWith(echo, header)).as(header).isEqualTo(Status.Code.UNAUTHENTICATED);
      }
      // Larger than all headers may be: refused before anybody looks at it.
      assertThat(refusedWith(echo, "Bearer " + "x".repeat(1 << 20))).isNotEqualTo(Status.Code.OK);
      assertThat(echo(echo, own("good"))).isEqualTo(REQUEST);
      assertThat(health(echo)).isEqualTo(ServingStatus.SERVING);
      // gRPC's client writes what is not ASCII as a question mark.
      assertThat(echo.counter("thunderhead_access_refused_requests", "reason", "token_unknown"))
          .isEqualTo(2);
      assertThat(echo.counter("thunderhead_access_caller_requests", "caller", "reader"))
          .isEqualTo(2);

      Files.writeString(file, "reader " + hash("newer") + "\n");
      await().until(() -> echo.counter("thunderhead_access_reloads", "outcome", "taken") == 1);
      assertThat(echo(echo, own("newer"))).isEqualTo(REQUEST);
      assertThat(refused(echo, own("good"))).isEqualTo(Status.Code.UNAUTHENTICATED);
    }
  }

  @Test
  void quota_isRefusedWithARetryHintInBothForms() throws Exception {
    Path file = Files.writeString(dir.resolve("tokens"), "reader " + hash("good") + " rate=2\n");
    try (EchoServer echo = new EchoServer(tokens(file))) {
      ManagedChannel channel = channel(echo, own("good"));
      StatusRuntimeException over = null;
      while (over == null) {
        try {
          echo(channel);
        } catch (StatusRuntimeException e) {
          over = e;
        }
      }
      channel.shutdownNow();
      assertThat(over.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      Metadata trailers = over.getTrailers();
      assertThat(trailers).isNotNull();
      long pushbackMs = Long.parseLong(String.valueOf(trailers.get(RetryHint.PUSHBACK_MS)));
      assertThat(pushbackMs).isBetween(1L, 1_000L);
      RetryInfo info =
          com.google.rpc.Status.parseFrom(trailers.get(RetryHint.DETAILS))
              .getDetails(0)
              .unpack(RetryInfo.class);
      assertThat(
              TimeUnit.SECONDS.toMillis(info.getRetryDelay().getSeconds())
                  + TimeUnit.NANOSECONDS.toMillis(info.getRetryDelay().getNanos()))
          .isEqualTo(pushbackMs);
    }
  }

  private AccessConfig tls(@Nullable Path clientCa) {
    ServerTls tls =
        ServerTls.load(server.certificate(), server.key(), clientCa, InstantSource.system());
    return new AccessConfig(tls, null, null, null, LOOK);
  }

  private static AccessConfig tokens(Path file) {
    return new AccessConfig(null, Tokens.load("tokenFile", file), null, null, LOOK);
  }

  private static ClientAccess client(Certificates believed, @Nullable Pair own) {
    return new ClientAccess(
        ClientTls.load(
            believed.authority(),
            own == null ? null : own.certificate(),
            own == null ? null : own.key(),
            InstantSource.system()),
        null,
        null);
  }

  private ClientAccess own(String token) {
    return new ClientAccess(
        null, OwnToken.load("token", signed.write("own-" + token, token + "\n")), null);
  }

  private static ManagedChannel channel(EchoServer echo, ClientAccess access) {
    return access.applyTo(NettyChannelBuilder.forAddress("127.0.0.1", echo.port())).build();
  }

  private static byte[] echo(EchoServer echo, ClientAccess access) {
    ManagedChannel channel = channel(echo, access);
    try {
      return echo(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static byte[] echo(ManagedChannel channel) {
    return ClientCalls.blockingUnaryCall(
        channel,
        EchoServer.ECHO,
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        REQUEST);
  }

  private static Status.Code refused(EchoServer echo, ClientAccess access) {
    try {
      echo(echo, access);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static Status.Code refusedWith(EchoServer echo, String authorization) {
    Metadata headers = new Metadata();
    headers.put(TokenInterceptor.AUTHORIZATION, authorization);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", echo.port())
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    try {
      echo(channel);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  private static ServingStatus health(EchoServer echo) {
    ManagedChannel channel = channel(echo, ClientAccess.open());
    try {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.getDefaultInstance())
          .getStatus();
    } finally {
      channel.shutdownNow();
    }
  }

  private static String handshake(int port, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  /** What is looked at is which handshakes the server takes. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
