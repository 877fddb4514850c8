package io.thunderhead.app.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.thunderhead.app.CommandRun;
import io.thunderhead.app.Thunderhead;
import io.thunderhead.app.config.DeadLettersConfig.Place;
import io.thunderhead.app.scan.TopicScan;
import io.thunderhead.broker.EmbeddedBroker;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.log.TopicSpec;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.Topics;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Letters of everyone who writes any, on a real broker: listed, shown, and put back once. */
@Timeout(180)
final class DeadLettersIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] NO_EVENT = "no event of any kind".getBytes(UTF_8);
  private static final long TOMORROW = System.currentTimeMillis() / 1000 + 80_000;

  @TempDir static Path brokerDir;
  private static EmbeddedBroker broker;
  private static String kafka;
  private static KafkaProducer<byte[], byte[]> producer;

  @TempDir Path dir;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.start(brokerDir, 0);
    kafka = broker.bootstrapServers();
    producer = new KafkaProducer<>(ClientSettings.of(kafka).producer("planter"));
  }

  @AfterAll
  static void stopBroker() {
    producer.close();
    broker.close();
  }

  @Test
  void redrive_afterAFix_putsEachBackOnceWithKeyHeadersAndMark() throws Exception {
    topics("fixed");
    byte[] key = "77".getBytes(UTF_8);
    ProducerRecord<byte[], byte[]> packed =
        new ProducerRecord<>("fixed", 0, key, pack(early(1), early(2), NO_EVENT, early(3)));
    packed.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    packed.headers().add("trace", new byte[] {9, 9});
    producer.send(packed).get();
    transform("fixed", 300, 4);

    JsonNode listed = dead("list", "--topic", "fixed");
    assertThat(listed.get("dead_letters").toString())
        .contains("\"reason\":\"created_in_future\",\"letters\":3,\"redriven\":0")
        .contains("\"reason\":\"not_protobuf\",\"letters\":1,\"redriven\":0");
    String[] redrive = {"redrive", "--topic", "fixed", "--reason", "created_in_future"};
    assertThat(dead(with(redrive, "--dry-run")).get("redriven").asInt()).isEqualTo(3);
    assertThat(records("fixed")).hasSize(1);

    assertThat(dead(redrive).get("redriven").asInt()).isEqualTo(3);
    JsonNode second = dead(redrive);
    assertThat(second.get("redriven").asInt()).isZero();
    assertThat(second.get("passed_over").get("redriven_before").asInt()).isEqualTo(3);
    List<ConsumerRecord<byte[], byte[]>> back = records("fixed").subList(1, 4);
    assertThat(back)
        .extracting(ConsumerRecord::value)
        .containsExactly(early(1), early(2), early(3));
    assertThat(back)
        .allSatisfy(one -> {
          assertThat(one.key()).isEqualTo(key);
          assertThat(headers(one))
              .containsExactly("trace", "redrive.id", "redrive.count", "redrive.of");
          assertThat(header(one, "redrive.count")).isEqualTo("1");
        });

    String place = String.valueOf(header(back.getFirst(), "redrive.of"));
    assertThat(dead(with(redrive, "--at", place, "--again")).get("redriven").asInt()).isOne();
    assertThat(header(records("fixed").getLast(), "redrive.count")).isEqualTo("2");
    assertThat(records(Topics.deadLetters("fixed"))).hasSize(4);

    transform("fixed", 100_000, 4);
    assertThat(records("fixed-out")).as("with the wider limit all are written").isNotEmpty();
    CommandRun audit =
        CommandRun.start(
            "audit",
            "--bootstrap-servers",
            kafka,
            "--groups",
            "group-fixed",
            "--routes",
            "fixed=fixed-out",
            "--json");
    assertThat(audit.exitCode()).as(audit.output()).isZero();
    JsonNode stage = JSON.readTree(audit.output()).get("stages").iterator().next();
    assertThat(stage.get("written").asInt()).isEqualTo(4);
  }

  @Test
  void redrive_ofWhatDiesAgain_countsItsReturns() throws Exception {
    topics("again");
    producer.send(new ProducerRecord<>("again", 0, null, NO_EVENT)).get();
    transform("again", 300, 1);
    assertThat(dead("redrive", "--topic", "again").get("redriven").asInt()).isOne();
    transform("again", 300, 2);
    assertThat(dead("redrive", "--topic", "again").get("redriven").asInt()).isOne();
    ConsumerRecord<byte[], byte[]> last = records("again").getLast();
    assertThat(last.value()).isEqualTo(NO_EVENT);
    assertThat(header(last, "redrive.count")).isEqualTo("2");
    assertThat(header(last, "redrive.of")).isEqualTo("0:1");
  }

  @Test
  void redrive_ofARecordThatWasBadAsAWhole_isPackedStill() throws Exception {
    topics("frames");
    byte[] value = pack(early(1), early(2));
    value[value.length - 1] ^= 1;
    ProducerRecord<byte[], byte[]> packed = new ProducerRecord<>("frames", 0, null, value);
    packed.headers().add(PackedRecord.HEADER, PackedRecord.headerValue());
    producer.send(packed).get();
    transform("frames", 300, 1);
    assertThat(dead("redrive", "--topic", "frames").get("redriven").asInt()).isOne();
    ConsumerRecord<byte[], byte[]> back = records("frames").getLast();
    assertThat(back.value()).isEqualTo(value);
    assertThat(headers(back)).contains(PackedRecord.HEADER);
  }

  @Test
  void redrive_afterOneThatWasKilledInATransaction_repeatsAndMissesNothing() throws Exception {
    topics("killed");
    for (int i = 1; i <= 5; i++) {
      producer.send(new ProducerRecord<>("killed", 0, null, early(i))).get();
    }
    transform("killed", 300, 5);
    Properties settings = ClientSettings.of(kafka).producer("killed-redrive");
    settings.setProperty("transactional.id", "thunderhead-redrive-killed");
    try (TopicAdmin admin = new TopicAdmin(ClientSettings.of(kafka));
        KafkaProducer<byte[], byte[]> killed = new KafkaProducer<>(settings)) {
      // All that a call has done by the time it is killed before its commit.
      admin.ensure(RedriveLedger.spec("killed", 1));
      RedriveLedger ledger =
          new RedriveLedger("killed", admin.topicId(Topics.deadLetters("killed")));
      killed.initTransactions();
      killed.beginTransaction();
      for (int i = 1; i <= 2; i++) {
        var _ = killed.send(new ProducerRecord<>("killed", 0, null, early(i)));
        var _ = killed.send(ledger.entry(new Place(0, i - 1), "killed"));
      }
      killed.flush();
      JsonNode done = dead("redrive", "--topic", "killed", "--batch-size", "2");
      assertThat(done.get("redriven").asInt()).isEqualTo(5);
    }
    assertThat(records("killed").subList(5, 10))
        .extracting(ConsumerRecord::value)
        .containsExactly(early(1), early(2), early(3), early(4), early(5));
    assertThat(records("killed")).hasSize(10);
  }

  @Test
  void redrive_killedInTheMiddle_thenTwiceAtOnce_putsEachBackOnce() throws Exception {
    topics("torn");
    int letters = 600;
    List<byte[]> thrift = new ArrayList<>();
    for (int i = 0; i < letters; i++) {
      // The head of a struct's field that goes on for longer than there are bytes.
      byte[] cut = {0x0b, 0, 1, 0, 0, 1, (byte) (i >> 8), (byte) i};
      thrift.add(cut);
      var _ = producer.send(new ProducerRecord<>("torn", 0, null, cut));
    }
    producer.flush();
    transform("torn", "thrift", 300, letters);
    String ledger = RedriveLedger.topicOf("torn");
    String[] redrive = {"redrive", "--topic", "torn", "--batch-size", "1"};

    Process killed = process(redrive);
    awaitRecords(ledger, 20);
    killed.destroyForcibly().waitFor();
    int before = records(ledger).size();
    assertThat(before).as("killed in its middle").isLessThan(letters);

    Process thrownOut = process(redrive);
    awaitRecords(ledger, before + 20);
    JsonNode last = dead(redrive);
    assertThat(thrownOut.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(thrownOut.exitValue()).as("of the call that was thrown out").isOne();
    assertThat(last.get("redriven").asInt())
        .isEqualTo(letters - last.get("passed_over").get("redriven_before").asInt())
        .isPositive();

    List<ConsumerRecord<byte[], byte[]>> back = records("torn").subList(letters, 2 * letters);
    assertThat(records("torn")).hasSize(2 * letters);
    assertThat(back).extracting(ConsumerRecord::value).containsExactlyElementsOf(thrift);
    assertThat(back).extracting(one -> header(one, "redrive.of")).doesNotHaveDuplicates();
    assertThat(back)
        .extracting(one -> header(one, "redrive.id"))
        .contains(last.get("redrive_id").asText());
  }

  @Test
  void letters_ofDistributorAndEdge_goBackAsTheyCanBeUsed() throws Exception {
    topics("raw");
    producer.send(new ProducerRecord<>("raw", 0, null, NO_EVENT)).get();
    Path posts = dir.resolve("posts.ndjson");
    long inAnHour = System.currentTimeMillis() / 1000 + 3600;
    Files.writeString(
        posts,
        """
        {"verb":"VERB_POST","publisher":"p","post_id":"11","author_id":"7","created_at":"%d"}
        {not json
        """
            .formatted(inAnHour));
    CommandRun edge =
        CommandRun.start(
            "edge",
            "--bootstrap-servers",
            kafka,
            "--http-port",
            "off",
            "--topic",
            "raw",
            "--format",
            "ndjson",
            "--source",
            posts.toString());
    assertThat(edge.exitCode()).isZero();
    try (CommandRun distribute =
        CommandRun.start(
            "distribute",
            "--bootstrap-servers",
            kafka,
            "--http-port",
            "off",
            "--grpc-port",
            "0",
            "--input-topic",
            "raw",
            "--output-topic",
            "raw-enriched",
            "--late-topic",
            "raw-late",
            "--group",
            "group-raw",
            "--enrichers",
            "author-score")) {
      distribute.awaitAddress("grpc");
      awaitLetters("raw", 3);
    }
    JsonNode done = dead("redrive", "--topic", "raw");
    assertThat(done.get("redriven").asInt()).isEqualTo(2);
    assertThat(done.get("passed_over").get("still_bad").asInt()).isOne();
    List<ConsumerRecord<byte[], byte[]>> back = records("raw").subList(1, 3);
    assertThat(back).anySatisfy(one -> assertThat(one.value()).isEqualTo(NO_EVENT));
    assertThat(back)
        .anySatisfy(one -> {
          assertThat(one.key()).isEqualTo("7".getBytes(UTF_8));
          assertThat(Activity.parseFrom(one.value()).getPostId()).isEqualTo(11);
        });
  }

  @Test
  void show_ofOneLetter_tellsAllButItsBytes_whichGoToAFile() throws Exception {
    topics("shown");
    producer.send(new ProducerRecord<>("shown", 0, "5".getBytes(UTF_8), NO_EVENT)).get();
    transform("shown", 300, 1);
    Path file = dir.resolve("payload");
    String[] show = {"show", "--topic", "shown", "--at", "0:0", "--payload-file", file.toString()};
    CommandRun run = run(with(show, "--payload-encoding", "raw"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.output())
        .contains("not_protobuf", "origin_offset            0", "key                      5")
        .doesNotContain("no event");
    assertThat(file).hasBinaryContent(NO_EVENT);
    assertThat(run(show).exitCode()).as("an existing file is not written over").isOne();
    assertThat(run("show", "--topic", "shown", "--at", "0:1").exitCode()).isOne();
    assertThat(run("list", "--topic", "no-such").exitCode()).isOne();
    assertThat(run("list", "--again").exitCode()).isEqualTo(2);
  }

  private static void topics(String topic) throws Exception {
    try (TopicAdmin admin = new TopicAdmin(ClientSettings.of(kafka))) {
      admin.ensure(TopicAdmin.withDeadLetters(TopicSpec.events(topic, 1, 1)));
      admin.ensure(TopicSpec.events(topic + "-out", 1, 1));
    }
  }

  /** The command as a process, which can be killed. */
  private static Process process(String... flags) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Thunderhead.class.getName(),
                "dead-letters"));
    command.addAll(List.of(flags));
    command.addAll(List.of("--bootstrap-servers", kafka));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Transforms what there is, until so many letters are there and all else is committed. */
  private static void transform(String topic, int futureSkewSeconds, int letters) {
    transform(topic, "activity", futureSkewSeconds, letters);
  }

  private static void transform(String topic, String format, int futureSkewSeconds, int letters) {
    try (CommandRun transform =
        CommandRun.start(
            "transform",
            "--bootstrap-servers",
            kafka,
            "--http-port",
            "off",
            "--input-topic",
            topic,
            "--input-format",
            format,
            "--output-topic",
            topic + "-out",
            "--group",
            "group-" + topic,
            "--future-skew-seconds",
            Integer.toString(futureSkewSeconds))) {
      transform.await(Pattern.compile("READY transform"));
      awaitLetters(topic, letters);
      awaitCommitted(topic);
    }
  }

  private static void awaitLetters(String topic, int letters) {
    awaitRecords(Topics.deadLetters(topic), letters);
  }

  private static void awaitRecords(String topic, int least) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> records(topic).size() >= least);
  }

  private static void awaitCommitted(String topic) {
    try (var admin = Admin.create(ClientSettings.of(kafka).admin("looker"))) {
      long behindLast = records(topic).getLast().offset() + 1;
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              admin
                  .listConsumerGroupOffsets("group-" + topic)
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .values()
                  .stream()
                  .anyMatch(offset -> offset.offset() >= behindLast));
    }
  }

  private static CommandRun run(String... flags) {
    return CommandRun.start(
        with(with(new String[] {"dead-letters"}, flags), "--bootstrap-servers", kafka));
  }

  private static JsonNode dead(String... flags) throws Exception {
    CommandRun run = run(with(flags, "--json"));
    assertThat(run.exitCode()).as(run.output()).isZero();
    return JSON.readTree(run.output());
  }

  private static String[] with(String[] flags, String... more) {
    String[] all = Arrays.copyOf(flags, flags.length + more.length);
    System.arraycopy(more, 0, all, flags.length, more.length);
    return all;
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (TopicScan scan = new TopicScan(ClientSettings.of(kafka), "reader")) {
      scan.records(topic, scan.ranges(topic), all::add);
    }
    return all;
  }

  private static List<String> headers(ConsumerRecord<byte[], byte[]> message) {
    return Arrays.stream(message.headers().toArray()).map(Header::key).toList();
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  /** A post from so far in the future that it dies unless clocks may differ by a day. */
  private static byte[] early(long id) {
    return Activity.newBuilder()
        .setVerb(Verb.VERB_POST)
        .setPostId(id)
        .setAuthorId(7)
        .setCreatedAt(TOMORROW)
        .build()
        .toByteArray();
  }

  private static byte[] pack(byte[]... events) {
    PackedRecord.Packer packer = new PackedRecord.Packer(100, 1 << 20);
    for (byte[] event : events) {
      packer.add(event, 0, event.length);
    }
    return packer.toRecord();
  }
}
