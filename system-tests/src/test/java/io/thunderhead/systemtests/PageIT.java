package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a running demo in a real browser. Runs where a Chromium is installed. */
@Tag("browser")
@Timeout(180)
final class PageIT {
  private static final Path PICTURES = Path.of("target", "pages");

  @TempDir Path dir;

  @Test
  void pages_ofAnEdgeAndItsDistributor_showTheActivitiesOnTheirWay() throws Exception {
    try (RoleProcess broker =
            RoleProcess.start(
                dir,
                "broker",
                "--port",
                "0",
                "--data-dir",
                dir.resolve("kafka").toString(),
                "--http-port",
                "off");
        RoleProcess edge =
            RoleProcess.start(
                dir,
                "edge",
                "--bootstrap-servers",
                broker.awaitReady().address("kafka"),
                "--source",
                "generator:?rate=200",
                "--http-port",
                "0");
        RoleProcess distribute =
            RoleProcess.start(
                dir,
                "distribute",
                "--bootstrap-servers",
                broker.address("kafka"),
                "--grpc-port",
                "0",
                "--park-ms",
                "1000",
                "--park-rounds",
                "1",
                "--http-port",
                "0")) {
      look(edge, "[data-figure='edge_accepted_per_second']", "Taken in");
      look(distribute, "[data-figure='enrich_read_per_second']", "Waiting in Kafka");
    }
  }

  @Test
  void page_ofASpike_drawsItWhileItRuns() throws Exception {
    try (RoleProcess spike =
        RoleProcess.start(
            dir,
            "spike",
            "--http-port",
            "0",
            "--scale",
            "0.02",
            "--seconds",
            "300",
            "--warm-seconds",
            "0",
            "--out",
            dir.resolve("spike").toString())) {
      look(spike, "the spike", "#edge,#inner", "Waiting in Kafka");
      assertThat(spike.stop()).isEqualTo(1);
    }
  }

  private void look(RoleProcess role, String figure, String words) throws Exception {
    look(role, "\\bready\\b", figure, words);
  }

  private void look(RoleProcess role, String state, String figure, String words) throws Exception {
    String http = "http://" + role.awaitReady().address("http");
    Path picture = PICTURES.resolve(role.name() + ".png");
    Files.createDirectories(PICTURES);
    JsonNode seen =
        ForeignClient.run(
            dir,
            "page.mjs",
            "--url",
            http,
            "--ready",
            state,
            "--figure",
            figure,
            "--screenshot",
            picture.toAbsolutePath().toString());
    assertThat(seen.get("problems")).isEmpty();
    assertThat(seen.get("overflow").asBoolean()).isFalse();
    assertThat(seen.get("text").asText()).contains(words);
  }

  @Test
  void page_ofARunningDemo_showsLiveFiguresAndAsksNobodyElse() throws Exception {
    try (RoleProcess demo =
        RoleProcess.start(
            dir, "demo", "--grpc-port", "0", "--http-port", "0", "--seconds", "120")) {
      String http = "http://" + demo.awaitReady().address("http");
      JsonNode seen =
          ForeignClient.run(
              dir, "page.mjs", "--url", http, "--screenshot", dir.resolve("page.png").toString());
      assertThat(seen.get("problems")).isEmpty();
      assertThat(seen.get("overflow").asBoolean()).isFalse();
      assertThat(seen.get("text").asText()).contains("Thunderhead");
    }
  }
}
