package io.thunderhead.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.CommandRun;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user runs it, looked at from outside while it runs. */
@Timeout(180)
final class DemoIT {
  private static final Pattern READY =
      Pattern.compile("^READY demo grpc=(\\S+) http=(\\S+) kafka=(\\S+)$", Pattern.MULTILINE);

  @TempDir Path dir;

  @Test
  void demo_whileItRuns_answersAndAddsUpInTheEnd() throws Exception {
    CommandRun demo =
        CommandRun.start("demo", "--grpc-port", "0", "--http-port", "0", "--rate", "3000");
    Matcher ready = demo.await(READY);
    String grpc = ready.group(1);
    String http = ready.group(2);
    String kafka = ready.group(3);

    assertThat(get(http, "/").body()).contains("Thunderhead");
    assertThat(get(http, "/health/ready").statusCode()).isEqualTo(200);
    assertThat(get(http, "/metrics").body())
        .contains("thunderhead_generate_events_total")
        .contains("thunderhead_transform_read_total")
        .contains("thunderhead_replay_events_total")
        .contains("thunderhead_feed_request_seconds");

    // What the README tells a user to do: a post of their own, which the ledger must bear.
    Path post =
        Files.writeString(
            dir.resolve("post.ndjson"),
            "{\"verb\":\"VERB_POST\",\"publisher\":\"me\",\"post_id\":\"42\",\"author_id\":\"7\","
                + "\"created_at\":\"1\"}\n");
    CommandRun published =
        CommandRun.start("replay-file", post.toString(), "--bootstrap-servers", kafka);
    assertThat(published.exitCode()).isZero();
    assertThat(published.output()).contains("\"acknowledged\":1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          CommandRun asked =
              CommandRun.start("query", "--addr", grpc, "--following", "7", "--json");
          return asked.exitCode() == 0 && asked.output().contains("\"post_id\":\"42\"");
        });

    demo.await(Pattern.compile("posts from 3 of 3 authors"));
    demo.stop();
    assertThat(demo.exitCode()).as(demo.output()).isZero();
    assertThat(demo.output())
        .contains("It adds up: every event is accounted for.")
        .containsPattern("published by others +1\n");
  }

  @Test
  void demo_stoppedBeforeItIsReady_endsWithoutAnError() {
    try (CommandRun run = CommandRun.start("demo", "--grpc-port=0", "--http-port=0")) {
      run.stop();

      assertThat(run.exitCode()).isZero();
      assertThat(run.output()).isEmpty();
    }
  }

  @Test
  void demo_onAKeptDirectory_goesOnWhereTheLastOneEnded() throws Exception {
    String data = dir.resolve("data").toString();
    String[] args = {
      "demo", "--grpc-port", "0", "--http-port", "off", "--seconds", "3", "--data-dir", data
    };
    CommandRun first = CommandRun.start(args);
    assertThat(first.exitCode()).as(first.output()).isZero();
    CommandRun second = CommandRun.start(args);
    assertThat(second.exitCode()).as(second.output()).isZero();
    assertThat(second.output())
        .contains("It adds up")
        .containsPattern("replayed from an earlier run +[1-9]");
  }

  private static HttpResponse<String> get(String http, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + http + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
