package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The roles from a publisher to enriched activities as processes, alone and together. */
@Timeout(240)
final class PipelineRolesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  @Test
  void roles_aloneAndTogether_andABrokerLostInMidStream_loseNothing() throws Exception {
    String kafka = "127.0.0.1:" + freePort();
    String distributor = "127.0.0.1:" + freePort();
    RoleProcess work =
        RoleProcess.start(
            dir,
            "work",
            "--distributor",
            distributor,
            "--http-port",
            "0",
            "--enrichers",
            "author-score");
    RoleProcess edge = startEdge(kafka, "spool");
    edge.awaitReady(); // A spool is enough.
    await().until(() -> edge.metric("thunderhead_edge_accepted_total") > 200);
    assertThat(edge.metric("thunderhead_edge_spooling")).isEqualTo(1);
    assertThat(edge.stop()).isZero();
    assertThat(work.output()).as("a worker without a distributor is not ready").isEmpty();
    assertThat(work.stop()).isZero();

    RoleProcess broker = startBroker(kafka);
    try (RoleProcess again = startEdge(kafka, "spool");
        RoleProcess distribute =
            RoleProcess.start(
                dir,
                "distribute",
                "--bootstrap-servers",
                kafka,
                "--grpc-port",
                distributor.substring(distributor.indexOf(':') + 1),
                "--enrichers",
                "author-score",
                "--park-ms",
                "200",
                "--http-port",
                "0")) {
      distribute.awaitReady();
      again.awaitReady();
      await()
          .until(() ->
              again.metric("thunderhead_edge_spool_events") == 0
                  && distribute.metric("thunderhead_distribute_enrichments_total") > 200);
      assertThat(distribute.metric("thunderhead_distribute_workers")).isZero();

      RoleProcess worker =
          RoleProcess.start(
              dir,
              "work",
              "--distributor",
              distributor,
              "--http-port",
              "0",
              "--enrichers",
              "author-score");
      worker.awaitReady();
      broker.kill();
      await().until(() -> again.metric("thunderhead_edge_spooling") == 1);
      double before = again.metric("thunderhead_edge_accepted_total");
      await().until(() -> again.metric("thunderhead_edge_accepted_total") > before + 200);
      broker = startBroker(kafka);
      await().until(() -> again.metric("thunderhead_edge_spooling") == 0);
      await()
          .until(() -> {
            JsonNode seen = audit(kafka, again.address("http"));
            return seen.get("unaccounted").asLong() == 0
                && late(seen) > 100
                && stage(seen, "thunderhead-distribute/activities").get("read").asLong() > before;
          });
      assertThat(again.stop()).isZero();
      assertThat(distribute.stop()).isZero();
      assertThat(worker.stop()).isZero();
      assertThat(worker.output().lines()).hasSize(1);
    } finally {
      broker.close();
    }
  }

  @Test
  void edge_whoseDiskGivesOut_stopsReading_andGoesOnOnceKafkaHasTakenWhatItHolds()
      throws Exception {
    String kafka = "127.0.0.1:" + freePort();
    // A limit of the system on a file's size: writing behind it fails as on a full disk.
    try (RoleProcess edge =
        RoleProcess.startWithFileLimit(
            dir,
            2 << 20,
            "edge",
            "--bootstrap-servers",
            kafka,
            "--source",
            "generator:?rate=10000",
            "--spool-dir",
            dir.resolve("full").toString(),
            "--http-port",
            "0")) {
      edge.awaitReady();
      await().until(() -> edge.get("/health/ready").body().contains("can't be written"));
      double accepted = edge.metric("thunderhead_edge_accepted_total");
      try (RoleProcess broker = startBroker(kafka)) {
        await()
            .until(() ->
                edge.get("/health/ready").statusCode() == 200
                    && edge.metric("thunderhead_edge_accepted_total") > accepted + 10_000
                    && edge.metric("thunderhead_edge_spool_events") == 0);
        assertThat(audit(kafka, edge.address("http")).get("unaccounted").asLong()).isZero();
        assertThat(edge.stop()).isZero();
        assertThat(broker.output()).contains("READY");
      }
    }
  }

  private RoleProcess startEdge(String kafka, String spool) throws IOException {
    return RoleProcess.start(
        dir,
        "edge",
        "--bootstrap-servers",
        kafka,
        "--source",
        "generator:?rate=300",
        "--spool-dir",
        dir.resolve(spool).toString(),
        "--spool-after-ms",
        "500",
        "--http-port",
        "0");
  }

  private RoleProcess startBroker(String kafka) throws IOException {
    return RoleProcess.start(
            dir,
            "broker",
            "--port",
            kafka.substring(kafka.indexOf(':') + 1),
            "--data-dir",
            dir.resolve("kafka").toString(),
            "--http-port",
            "off")
        .awaitReady();
  }

  private JsonNode audit(String kafka, String edge) throws Exception {
    try (RoleProcess audit =
        RoleProcess.start(dir, "audit", "--bootstrap-servers", kafka, "--edges", edge, "--json")) {
      audit.awaitExit(Duration.ofSeconds(60));
      return JSON.readTree(audit.output());
    }
  }

  private static long late(JsonNode audit) {
    return audit.path("outputs").path("enriched_activities").path("late").asLong();
  }

  private static JsonNode stage(JsonNode audit, String name) {
    return audit.get("stages").get(name);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
