package io.thunderhead.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thunderhead.app.CommandRun;
import io.thunderhead.app.firehose.SyntheticFirehose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The roles as separate commands on one broker, in any order of starting. */
@Timeout(180)
final class RolesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  @Test
  void roles_startedBeforeTheirBroker_waitForItAndWork() throws Exception {
    String kafka = "127.0.0.1:" + freePort();
    try (CommandRun transform =
            CommandRun.start("transform", "--bootstrap-servers", kafka, "--http-port", "0");
        CommandRun serve =
            CommandRun.start(
                "serve", "--bootstrap-servers", kafka, "--grpc-port", "0", "--http-port", "0");
        CommandRun broker =
            CommandRun.start(
                "broker",
                "--port",
                kafka.substring(kafka.indexOf(':') + 1),
                "--data-dir",
                dir.resolve("kafka").toString(),
                "--http-port",
                "0")) {
      assertThat(broker.awaitAddress("kafka")).isEqualTo(kafka);
      String grpc = serve.awaitAddress("grpc");
      String http = transform.awaitAddress("http");
      assertThat(status(http, "/health/ready")).isEqualTo(200);
      assertThat(status(serve.awaitAddress("http"), "/health/ready")).isEqualTo(200);

      CommandRun generate =
          CommandRun.start(
              "generate", "--bootstrap-servers", kafka, "--events", "5000", "--rate", "100000");
      assertThat(generate.exitCode()).as(generate.output()).isZero();
      JsonNode summary = JSON.readTree(generate.output());
      assertThat(summary.get("generated").asLong()).isEqualTo(5000);
      assertThat(summary.get("acknowledged").asLong()).isEqualTo(5000);
      assertThat(summary.get("failed").asLong()).isZero();
      assertThat(summary.get("kinds").get("delete").asLong()).isPositive();

      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> posts(grpc).size() == 50);
      assertThat(posts(grpc).get(0).get("author_id").asText())
          .isEqualTo(Long.toString(SyntheticFirehose.FIRST_AUTHOR_ID));

      serve.stop();
      assertThat(serve.exitCode()).isZero();
      assertThat(serve.output().lines()).hasSize(1);
      transform.stop();
      assertThat(transform.exitCode()).isZero();
      assertThat(transform.output().lines()).hasSize(1);
      broker.stop();
      assertThat(broker.exitCode()).isZero();
      assertThat(broker.output().lines()).hasSize(1);
    }
  }

  @Test
  void transform_stoppedBeforeItsBrokerIsThere_endsWithZeroAndNoReadyLine() throws Exception {
    CommandRun transform =
        CommandRun.start(
            "transform", "--bootstrap-servers", "127.0.0.1:" + freePort(), "--http-port", "off");
    transform.stop();
    assertThat(transform.exitCode()).isZero();
    assertThat(transform.output()).isEmpty();
  }

  private static JsonNode posts(String grpc) throws IOException {
    CommandRun query =
        CommandRun.start(
            "query",
            "--addr",
            grpc,
            "--following",
            Long.toString(SyntheticFirehose.FIRST_AUTHOR_ID),
            "--max",
            "50",
            "--json");
    assertThat(query.exitCode()).isZero();
    return JSON.readTree(query.output()).get("posts");
  }

  private static int status(String http, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://" + http + path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
