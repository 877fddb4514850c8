package io.thunderhead.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thunderhead.app.CommandRun;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The audit on a real broker: a sound run, and logs into which one fault each was planted. */
@Timeout(180)
final class AuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static String kafka;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(dir, 0);
    kafka = broker.bootstrapServers();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private record Audited(int exitCode, JsonNode json) {
    long unaccounted() {
      return json.get("unaccounted").asLong();
    }

    JsonNode stage() {
      return json.get("stages").iterator().next();
    }

    String problems() {
      return json.get("problems").toString();
    }
  }

  private static Audited audit(String... flags) throws Exception {
    CommandRun run = CommandRun.start(flags);
    int exit = run.exitCode();
    return new Audited(exit, JSON.readTree(run.output()));
  }

  private static Audited audit(PlantedLog log, String... more) throws Exception {
    return audit(log.auditFlags(kafka, more));
  }

  @Test
  void audit_ofARealRun_accountsForEveryEventAndSaysWhatIsInFlight() throws Exception {
    JsonNode made;
    try (CommandRun transform =
        CommandRun.start("transform", "--bootstrap-servers", kafka, "--http-port", "off")) {
      transform.await(java.util.regex.Pattern.compile("READY transform"));
      made = generate(20_000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              audit(
                          "audit",
                          "--bootstrap-servers",
                          kafka,
                          "--json",
                          "--groups",
                          "thunderhead-transform")
                      .json()
                      .get("stages")
                      .path("thunderhead-transform/tweet_events")
                      .path("read")
                      .asLong()
                  == 20_000);
    }
    Audited drained =
        audit("audit", "--bootstrap-servers", kafka, "--json", "--groups", "thunderhead-transform");
    assertThat(drained.exitCode()).as("%s", drained.json()).isZero();
    assertThat(drained.unaccounted()).isZero();
    assertThat(drained.stage().get("in_flight").asLong()).isZero();
    assertThat(drained.stage().get("filtered").get("nullcast").asLong())
        .isEqualTo(made.get("kinds").get("nullcast").asLong());
    assertThat(drained.stage().get("dead").get("no_id").asLong()).isPositive();
    assertThat(drained.json().get("outputs").get("in_network_events").get("surplus").asLong())
        .isZero();

    generate(500);
    Audited behind =
        audit(
            "audit",
            "--bootstrap-servers",
            kafka,
            "--json",
            "--groups",
            "thunderhead-transform",
            "--max-ids",
            "1000");
    assertThat(behind.exitCode()).isZero();
    assertThat(behind.stage().get("in_flight").asLong()).isEqualTo(500);
    assertThat(behind.json().get("outputs")).isEqualTo(drained.json().get("outputs"));

    CommandRun text =
        CommandRun.start(
            "audit", "--bootstrap-servers", kafka, "--groups", "thunderhead-transform");
    assertThat(text.exitCode()).isZero();
    assertThat(text.output()).contains("filtered: nullcast").contains("unaccounted: 0");
  }

  @Test
  void audit_ofAnEdge_countsWhatItsTopicRefused_andFindsWhatIsNowhere() throws Exception {
    try (TopicAdmin topics = new TopicAdmin(ClientSettings.of(kafka))) {
      topics.ensure(TopicAdmin.withDeadLetters(TopicSpec.events("activities", 2, 1)));
    }
    alter("activities", "max.message.bytes", "3000");
    Path posts = dir.resolve("posts.json");
    Files.writeString(posts, post(1, 10) + post(2, 4_000) + post(3, 10) + post(4, 10));
    try (CommandRun edge =
        CommandRun.start(
            "edge",
            "--bootstrap-servers",
            kafka,
            "--source",
            "generator:?rate=200",
            "--http-port",
            "0")) {
      String http = edge.awaitAddress("http");
      CommandRun file =
          CommandRun.start(
              "edge",
              "--bootstrap-servers",
              kafka,
              "--source",
              posts.toString(),
              "--format",
              "ndjson",
              "--http-port",
              "off");
      assertThat(file.exitCode()).as(file.output()).isZero();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() ->
              auditOfEdges(http).json().path("edges").path("activities").path("accepted").asLong()
                  > 300);
      Audited sound = auditOfEdges(http);
      assertThat(sound.exitCode()).as("%s", sound.json()).isZero();
      JsonNode account = sound.json().get("edges").get("activities");
      assertThat(account.get("refused_by_topic").asLong()).isEqualTo(1);
      assertThat(account.get("unaccounted").asLong()).isZero();
      // As if the edge had accepted many more than there are.
      Audited lost = auditOfEdges(http + "," + http);
      assertThat(lost.exitCode()).isEqualTo(1);
      assertThat(lost.unaccounted()).isGreaterThan(100);
      assertThat(lost.problems()).contains("the edges accepted");
    }
  }

  /** Of the edges alone: the other tests' groups are no stages of theirs. */
  private static Audited auditOfEdges(String edges) throws Exception {
    return audit(
        "audit", "--bootstrap-servers", kafka, "--json", "--edges", edges, "--groups", "none");
  }

  private static String post(int id, int textLength) {
    return ("{\"publisher\":\"test\",\"verb\":\"VERB_POST\",\"post_id\":\"%d\","
            + "\"author_id\":\"7\",\"created_at\":\"1000\",\"text\":\"%s\"}\n")
        .formatted(id, "x".repeat(textLength));
  }

  private static void alter(String topic, String setting, String value) throws Exception {
    try (Admin admin = Admin.create(ClientSettings.of(kafka).admin("audit-test"))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  void audit_whereADuplicateHidesALostPost_findsTheLostOne() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "hidden")) {
      log.posts(11, 12, 13, 14);
      log.written(11, 12, 12, 14);
      log.committed(4, "from=0;read=4;written=4");
      Audited found = audit(log);
      assertThat(found.exitCode()).isEqualTo(1);
      assertThat(found.unaccounted()).isEqualTo(1);
      assertThat(found.problems()).contains("1 posts are not in the output");
    }
  }

  @Test
  void audit_ofAnAccountWithADuplicate_findsNothingLostAndCountsTheSurplus() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "twice")) {
      log.posts(11, 12);
      log.malformed();
      log.posts(13);
      log.letter(2, "not_thrift");
      log.letter(2, "not_thrift");
      log.written(11, 12);
      log.written(11, 12, 13);
      log.committed(4, "from=0;read=4;written=3;dead.not_thrift=1");
      Audited sound = audit(log);
      assertThat(sound.exitCode()).as("%s", sound.json()).isZero();
      assertThat(sound.unaccounted()).isZero();
      JsonNode output = sound.json().get("outputs").get("twice-out");
      assertThat(output.get("surplus").asLong()).isEqualTo(2);
      assertThat(output.get("distinct").asLong()).isEqualTo(3);
    }
  }

  @Test
  void audit_ofADeadLetterThatIsMissing_findsIt() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "letters")) {
      log.malformed();
      log.malformed();
      log.letter(1, "not_thrift");
      log.committed(2, "from=0;read=2;dead.not_thrift=2");
      Audited found = audit(log);
      assertThat(found.unaccounted()).isEqualTo(1);
      assertThat(found.problems()).contains("not_thrift: 2 dead, but 1 letters");
    }
  }

  @Test
  void audit_ofAWrongCount_findsTheDifference() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "counts")) {
      log.posts(11, 12, 13);
      log.written(11, 12, 13);
      log.committed(3, "from=0;read=2;written=2");
      Audited found = audit(log);
      assertThat(found.unaccounted()).isEqualTo(1);
      assertThat(found.problems()).contains("the topic holds 3, the ledger has read 2");
    }
  }

  @Test
  void audit_whereRetentionHasDeleted_saysWhatItCannotSee() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "cut")) {
      log.posts(11, 12, 13);
      log.written(11);
      log.written(12, 13);
      log.committed(3, "from=0;read=3;written=3");
      log.deleteBefore(log.input(), 2);
      log.deleteBefore(log.output(), 1);
      Audited cut = audit(log);
      assertThat(cut.exitCode()).as("%s", cut.json()).isZero();
      assertThat(cut.json().get("unseen").toString()).contains("0 to 1");
    }
  }

  @Test
  void audit_withMoreIdsThanFitAtOnce_findsEachLostPostOnce() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "many")) {
      List<Long> lost = new ArrayList<>(List.of(77L, 1234L, 2500L));
      log.posts(LongStream.rangeClosed(1, 2500).toArray());
      for (long from = 1; from <= 2500; from += 500) {
        log.written(LongStream.range(from, from + 500).filter(id -> !lost.contains(id)).toArray());
      }
      log.committed(2500, "from=0;read=2500;written=2500");
      Audited found = audit(log, "--max-ids", "1000");
      assertThat(found.unaccounted()).isEqualTo(3);
      assertThat(found.json().get("outputs").get("many-out").get("distinct").asLong())
          .isEqualTo(2497);
    }
  }

  @Test
  void audit_ofATopicWithoutARoute_saysWhatToDo() throws Exception {
    try (PlantedLog log = new PlantedLog(kafka, "unrouted")) {
      log.posts(11);
      log.committed(1, "from=0;read=1;written=1");
      CommandRun run =
          CommandRun.start("audit", "--bootstrap-servers", kafka, "--groups", "group-unrouted");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output()).isEmpty();
    }
  }

  private static JsonNode generate(int events) throws Exception {
    CommandRun generate =
        CommandRun.start(
            "generate",
            "--bootstrap-servers",
            kafka,
            "--events",
            Integer.toString(events),
            "--rate",
            "100000");
    assertThat(generate.exitCode()).as(generate.output()).isZero();
    return JSON.readTree(generate.output());
  }
}
