package io.thunderhead.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small spikes through the whole path, from a publisher over HTTP to an answer over gRPC, each role
 * a process: undisturbed, and with roles added, killed in turn and hanging.
 */
@Timeout(300)
final class SpikeIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  private JsonNode spike(int seconds, String... more) throws Exception {
    try (RoleProcess spike = start(seconds, more)) {
      int exit = spike.awaitExit(Duration.ofMinutes(4));
      assertThat(exit).as("%s%n%s", spike.output(), spike.errors()).isZero();
    }
    JsonNode result = JSON.readTree(dir.resolve("out").resolve("spike.json").toFile());
    JsonNode counts = result.get("counts");
    assertThat(result.get("unaccounted").asLong()).as("%s", result).isZero();
    assertThat(counts.get("published").asLong()).isGreaterThan(1_000);
    assertThat(counts.get("accepted")).isEqualTo(counts.get("published"));
    assertThat(counts.get("enriched")).isEqualTo(counts.get("published"));
    assertThat(counts.get("written")).isEqualTo(counts.get("published"));
    assertThat(counts.get("in_flight").asLong()).isZero();
    assertThat(counts.get("answered").asInt()).isPositive();
    assertThat(dir.resolve("out").resolve("bend.png")).isNotEmptyFile();
    assertThat(dir.resolve("out").resolve("bend.svg")).isNotEmptyFile();
    return result;
  }

  private RoleProcess start(int seconds, String... more) throws Exception {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--http-port",
                "0",
                "--scale",
                "0.03",
                "--warm-seconds",
                "2",
                "--seconds",
                Integer.toString(seconds),
                "--out",
                dir.resolve("out").toString()));
    flags.addAll(Arrays.asList(more));
    return RoleProcess.start(dir, "spike", flags.toArray(String[]::new));
  }

  @Test
  void spike_undisturbed_losesNothingWritesNothingTwiceAndWarnsOfNothing() throws Exception {
    JsonNode result = spike(12, "--shape", "second");
    assertThat(result.get("repeats").findValues("twice"))
        .as("%s", result.get("repeats"))
        .hasSize(3)
        .allSatisfy(twice -> assertThat(twice.asLong()).isZero());
    assertThat(result.get("complaints")).as("%s", result.get("complaints")).isEmpty();
  }

  @Test
  void spike_withOneOfEachAdded_eachRoleKilledInTurn_andAWorkerThatHangs_losesNothing()
      throws Exception {
    JsonNode result =
        spike(20, "--faults", "all", "--instances", "2", "--enrichers", "language,author-score");
    assertThat(result.get("faults")).hasSize(9);
    assertThat(result.get("repeats"))
        .as("what is there twice was written and not committed when a role was killed")
        .hasSize(3)
        .allSatisfy(topic ->
            assertThat(topic.get("twice").asLong())
                .isLessThanOrEqualTo(topic.get("window").asLong()));
  }

  @Test
  void killNine_ofASpikeThatStarts_leavesNoRoleBehind() throws Exception {
    try (RoleProcess spike = start(600)) {
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> spike.children().size() >= 4);
      List<ProcessHandle> roles = spike.children();
      spike.kill();
      awaitEnd(roles);
    }
  }

  @Test
  void ctrlC_inTheMiddleOfASpike_leavesNoRoleBehind() throws Exception {
    assumeThat(RoleProcess.hearsInterrupts()).as("SIGINT is not ignored").isTrue();
    try (RoleProcess spike = start(600)) {
      spike.awaitReady();
      List<ProcessHandle> roles = spike.children();
      assertThat(roles).hasSizeGreaterThanOrEqualTo(6);
      spike.interrupt();
      assertThat(spike.awaitExit(Duration.ofMinutes(1))).isEqualTo(1);
      awaitEnd(roles);
      assertThat(spike.output()).contains("Stopped before the end");
    }
  }

  private static void awaitEnd(List<ProcessHandle> roles) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> roles.stream().noneMatch(ProcessHandle::isAlive));
  }
}
