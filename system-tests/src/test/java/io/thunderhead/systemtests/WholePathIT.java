package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A firehose published by a client that is not ours, roles killed with -9 under it, and every event
 * accounted for by clients that are not ours.
 */
@Timeout(300)
final class WholePathIT {
  private static final int EVENTS = 20_000;
  private static final int EVENTS_A_SECOND = 1_500;

  @TempDir Path dir;

  @Test
  void killNine_ofTransformerAndServingNodeUnderLoad_losesNoEvent() throws Exception {
    Path ledger = Files.createFile(dir.resolve("ledger.ndjson"));
    try (RoleProcess broker =
        RoleProcess.start(
            dir,
            "broker",
            "--port",
            "0",
            "--data-dir",
            dir.resolve("kafka").toString(),
            "--http-port",
            "0")) {
      String kafka = broker.awaitReady().address("kafka");
      RoleProcess transform = transform(kafka);
      RoleProcess serve = serve(kafka);
      transform.awaitReady();
      serve.awaitReady();
      try (ForeignClient publisher =
          ForeignClient.start(
              dir,
              "publish.mjs",
              "--bootstrap",
              kafka,
              "--ledger",
              ledger.toString(),
              "--events",
              Integer.toString(EVENTS),
              "--rate",
              Integer.toString(EVENTS_A_SECOND))) {
        awaitPublished(ledger, EVENTS / 4);
        transform.kill();
        transform = transform(kafka).awaitReady();
        awaitPublished(ledger, EVENTS / 2);
        serve.kill();
        serve = serve(kafka).awaitReady();
        awaitPublished(ledger, EVENTS * 3 / 4);
        transform.kill();
        transform = transform(kafka).awaitReady();
        publisher.result(Duration.ofSeconds(90));
      }
      try {
        awaitDrained(transform, serve);
        JsonNode found =
            ForeignClient.run(
                dir,
                "verify.mjs",
                "--bootstrap",
                kafka,
                "--ledger",
                ledger.toString(),
                "--addr",
                serve.address("grpc"),
                "--proto",
                Path.of("../protocol/src/main/protobuf/in_network.proto")
                    .toAbsolutePath()
                    .toString());
        assertThat(found.get("expected").asInt()).isGreaterThan(EVENTS / 2);
        assertThat(found.get("found")).as("%s", found).isEqualTo(found.get("expected"));
        assertThat(found.get("missing")).isEmpty();
        assertThat(found.get("ghosts")).isEmpty();
        assertThat(found.get("duplicates").asInt()).isZero();
        assertThat(found.get("disordered").asInt()).isZero();
        assertThat(found.get("incomplete").asInt()).isZero();
        assertThat(found.get("malformed").asInt()).isPositive();
        assertThat(found.get("lettersMissing").asInt()).isZero();
        assertThat(transform.stop()).isZero();
        assertThat(serve.stop()).isZero();
        transform.assertQuiet();
        serve.assertQuiet();
      } finally {
        transform.close();
        serve.close();
      }
      assertThat(broker.stop()).isZero();
      broker.assertQuiet();
    }
  }

  private RoleProcess transform(String kafka) throws Exception {
    return RoleProcess.start(dir, "transform", "--bootstrap-servers", kafka, "--http-port", "0");
  }

  private RoleProcess serve(String kafka) throws Exception {
    return RoleProcess.start(
        dir, "serve", "--bootstrap-servers", kafka, "--grpc-port", "0", "--http-port", "0");
  }

  private static void awaitPublished(Path ledger, int events) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> {
          try (Stream<String> lines = Files.lines(ledger)) {
            return lines.count() >= events;
          }
        });
  }

  /** Until the transformer's and the node's lag have been zero for several looks in a row. */
  private static void awaitDrained(RoleProcess transform, RoleProcess serve) {
    Awaitility.await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(90))
        .until(() ->
            transform.metric("thunderhead_transform_commit_lag_records") == 0
                && serve.metric("thunderhead_log_partition_lag_records") == 0);
  }
}
