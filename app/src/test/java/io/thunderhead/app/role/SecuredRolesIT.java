package io.thunderhead.app.role;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.thunderhead.app.CommandRun;
import io.thunderhead.app.Secrets;
import io.thunderhead.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roles with all of their doors closed, as the command line closes them. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SecuredRolesIT {
  @TempDir private Path dir = Path.of("");

  @Test
  void roles_withCertificatesAndTokens_workForThoseWhoHaveThem_andShowNoSecret() throws Exception {
    List<String> seen = new ArrayList<>();
    try (Secrets secrets = new Secrets(dir);
        EmbeddedBroker broker = EmbeddedBroker.start(dir.resolve("kafka"), 0)) {
      secrets.certificate("server");
      X509Bundle client = secrets.certificate("client");
      secrets.token("reader");
      String admin = secrets.token("admin");
      secrets.token("worker");
      try (CommandRun serve =
              CommandRun.start(
                  server(secrets, broker, "serve", "mutual", "--token-file", "reader.known"));
          CommandRun distribute =
              CommandRun.start(
                  server(secrets, broker, "distribute", "on", "--token-file", "worker.known"))) {
        String grpc = serve.awaitAddress("grpc");
        String http = "https://" + serve.awaitAddress("http");
        seen.addAll(asked(secrets, grpc));

        try (HttpClient known = http(secrets.authority(), client);
            HttpClient unknown = http(secrets.authority(), null)) {
          assertThat(status(known, http + "/health/ready", null)).isEqualTo(200);
          assertThat(status(known, http + "/metrics", null)).isEqualTo(401);
          assertThat(status(known, http + "/metrics", "Bearer reader")).isEqualTo(401);
          for (String page : List.of("/", "/metrics")) {
            seen.add(get(known, http + page, "Bearer " + admin).body());
          }
          assertThat(seen.getLast())
              .contains("thunderhead_access_caller_requests_total{caller=\"reader\"} 1.0")
              .contains("thunderhead_access_refused_requests_total");
          String basic = Base64.getEncoder().encodeToString(("me:" + admin).getBytes(UTF_8));
          assertThat(status(known, http + "/", "Basic " + basic)).isEqualTo(200);
          assertThatThrownBy(() -> status(unknown, http + "/health/ready", null))
              .isInstanceOf(IOException.class);
          String other = "https://" + distribute.awaitAddress("http");
          assertThat(status(unknown, other + "/health/live", null)).isEqualTo(200);
        }

        String workers = distribute.awaitAddress("grpc");
        try (CommandRun worker =
            CommandRun.start(
                with(
                    List.of(
                        "work",
                        "--distributor",
                        workers,
                        "--enrichers",
                        "author-score",
                        "--http-port",
                        "off"),
                    credentials(secrets, "worker")))) {
          worker.await(java.util.regex.Pattern.compile("READY work"));
          seen.add(worker.output());
        }
        seen.add(serve.output());
      }
      for (String command : List.of("serve", "query", "work")) {
        CommandRun help = CommandRun.start(command, "--help");
        assertThat(help.exitCode()).isZero();
        seen.add(help.output());
      }
      seen.add(secrets.logged());
      assertThat(secrets.logged()).contains("serve with").doesNotContain("WARN io.thunderhead");
      for (String mark : secrets.marks()) {
        assertThat(seen).noneMatch(text -> text.contains(mark));
      }
    }
  }

  /** Who is let in and who is not; returns all that was printed. */
  private static List<String> asked(Secrets secrets, String grpc) {
    CommandRun reader = CommandRun.start(with(query(grpc), credentials(secrets, "reader")));
    assertThat(reader.exitCode()).as(reader.output()).isZero();
    assertThat(reader.output()).contains("complete");
    assertThat(CommandRun.start(query(grpc).toArray(String[]::new)).exitCode()).isEqualTo(1);
    List<String> withoutToken = credentials(secrets, "reader");
    assertThat(
            CommandRun.start(with(query(grpc), withoutToken.subList(0, withoutToken.size() - 2)))
                .exitCode())
        .isEqualTo(1);
    assertThat(CommandRun.start(with(query(grpc), credentials(secrets, "admin"))).exitCode())
        .isEqualTo(1);
    return List.of(reader.output());
  }

  private static List<String> query(String grpc) {
    return List.of("query", "--addr", grpc, "--following", "1");
  }

  private static String[] server(
      Secrets secrets, EmbeddedBroker broker, String role, String httpTls, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                role,
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--partitions",
                "1",
                "--grpc-port",
                "0",
                "--http-port",
                "0",
                "--tls-certificate",
                secrets.path("server.pem"),
                "--tls-key",
                secrets.path("server.key"),
                "--tls-client-ca",
                secrets.path("ca.pem"),
                "--http-tls",
                httpTls,
                "--http-token-file",
                secrets.path("admin.known")));
    arguments.add(more[0]);
    arguments.add(secrets.path(more[1]));
    return arguments.toArray(String[]::new);
  }

  private static List<String> credentials(Secrets secrets, String token) {
    return List.of(
        "--server-ca",
        secrets.path("ca.pem"),
        "--client-certificate",
        secrets.path("client.pem"),
        "--client-key",
        secrets.path("client.key"),
        "--client-token-file",
        secrets.path(token + ".token"));
  }

  private static String[] with(List<String> first, List<String> second) {
    List<String> both = new ArrayList<>(first);
    both.addAll(second);
    return both.toArray(String[]::new);
  }

  private static int status(HttpClient client, String url, @Nullable String authorization)
      throws Exception {
    return get(client, url, authorization).statusCode();
  }

  private static HttpResponse<String> get(
      HttpClient client, String url, @Nullable String authorization) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpClient http(X509Bundle authority, @Nullable X509Bundle own) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null);
    trusted.setCertificateEntry("ca", authority.getCertificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyManagerFactory keys = null;
    if (own != null) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null);
      store.setKeyEntry(
          "own", own.getKeyPair().getPrivate(), new char[0], own.getCertificatePathWithRoot());
      keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }
}
