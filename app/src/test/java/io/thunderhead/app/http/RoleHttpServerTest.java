package io.thunderhead.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.Access;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.metrics.LiveFeed;
import io.thunderhead.app.metrics.LiveFigures;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every endpoint over a real socket. */
@Timeout(30)
final class RoleHttpServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter generated =
      Counter.builder().name("thunderhead_generate_events").help("h").register(registry);
  private volatile Readiness readiness = Readiness.no("partition 3: applied up to 5 of 9");
  private LiveFigures figures = LiveFigures.start("test", registry, () -> readiness);
  private RoleHttpServer server = start(0);

  @BeforeEach
  void count() {
    generated.inc(7);
  }

  @AfterEach
  void close() {
    server.close();
    figures.close();
    client.close();
  }

  @Test
  void live_always_is200() throws Exception {
    HttpResponse<String> answer = get("/health/live");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void ready_followsTheRole_withReasons() throws Exception {
    HttpResponse<String> before = get("/health/ready");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body())
        .isEqualTo("{\"ready\":false,\"reasons\":[\"partition 3: applied up to 5 of 9\"]}");
    readiness = Readiness.yes();
    HttpResponse<String> after = get("/health/ready");
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(after.body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
  }

  @Test
  void metrics_holdTheRolesAndTheJvms() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("thunderhead_generate_events_total 7.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void page_isOneFileThatLoadsNothingFromElsewhere() throws Exception {
    HttpResponse<String> answer = get("/");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(answer.body())
        .contains("<title>Thunderhead")
        .doesNotContain("src=\"http")
        .doesNotContain("href=\"http");
  }

  @Test
  void events_comeAsServerSentEvents() throws Exception {
    HttpResponse<InputStream> answer =
        client.send(request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    try (InputStream body = answer.body()) {
      List<String> lines =
          new String(body.readNBytes(1200), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("data: "))
              .toList();
      assertThat(lines).hasSizeGreaterThan(1);
      JsonNode event = new ObjectMapper().readTree(lines.getFirst().substring("data: ".length()));
      assertThat(event.get("role").asText()).isEqualTo("test");
      assertThat(event.get("ready").asBoolean()).isFalse();
      assertThat(event.get("figures").has("posts")).isTrue();
    }
  }

  @Test
  void events_endAfterTheirTime_andSaySo() throws Exception {
    HttpServer own =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    LiveFeed feed = sequence -> new LiveFeed.Message(sequence + 1, "{}");
    own.createContext("/", new LiveEvents(feed, Duration.ofMillis(50))::stream);
    own.start();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + own.getAddress().getPort()))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .startsWith("data: {}")
          .endsWith("event: end\ndata:\n\n");
    } finally {
      own.stop(0);
    }
  }

  @Test
  void events_overTheLimitOfSubscribers_areTurnedAway() throws Exception {
    List<InputStream> open = new ArrayList<>();
    for (int i = 0; i < LiveEvents.MAX_SUBSCRIBERS; i++) {
      open.add(
          client
              .send(request("/events").build(), HttpResponse.BodyHandlers.ofInputStream())
              .body());
    }
    assertThat(get("/events").statusCode()).isEqualTo(503);
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    for (InputStream body : open) {
      body.close();
    }
  }

  @Test
  void otherPathsAndMethods_areRefused() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(404);
    assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
    assertThat(
            client
                .send(
                    request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(405);
    assertThat(
            client
                .send(request("/").HEAD().build(), HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void start_onTakenPort_namesPortAndFlag() {
    int port = Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
    assertThatThrownBy(() -> open(port))
        .isInstanceOf(RoleFailedException.class)
        .hasMessageContaining(Integer.toString(port))
        .hasMessageContaining("--http-port");
  }

  private RoleHttpServer start(int port) {
    try {
      return open(port);
    } catch (IOException | RoleFailedException e) {
      throw new IllegalStateException(e);
    }
  }

  private RoleHttpServer open(int port) throws IOException, RoleFailedException {
    return RoleHttpServer.start(
        HttpConfig.open("127.0.0.1", port),
        Access.open(new PrometheusRegistry()),
        new MetricsText(registry),
        figures,
        () -> readiness);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + server.address() + path));
  }
}
