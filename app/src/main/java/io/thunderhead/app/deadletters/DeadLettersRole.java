package io.thunderhead.app.deadletters;

import io.thunderhead.app.config.DeadLettersConfig;
import io.thunderhead.app.config.DeadLettersConfig.Place;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.app.scan.TopicScan;
import io.thunderhead.app.scan.TopicScan.Range;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.LogUnavailableException;
import io.thunderhead.log.TopicAdmin;
import io.thunderhead.protocol.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;

/** Lists dead letters, shows some, or puts them back onto their topic. It deletes nothing. */
public final class DeadLettersRole implements Role {
  private static final Duration TOPIC_LIMIT = Duration.ofSeconds(30);
  private static final String SUFFIX = Topics.deadLetters("");

  private final DeadLettersConfig config;
  private final LetterFilter filter;

  public DeadLettersRole(DeadLettersConfig config) {
    this.config = config;
    this.filter = new LetterFilter(config);
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    ClientSettings client = config.kafka().clients();
    try (TopicAdmin admin = new TopicAdmin(client, TOPIC_LIMIT);
        TopicScan scan = new TopicScan(client, "thunderhead-dead-letters")) {
      switch (config.action()) {
        case LIST -> LetterText.print(counts(admin, scan), config.json(), out);
        case SHOW -> show(admin, scan, out);
        case REDRIVE -> LetterText.print(redrive(admin, scan, stop), config.json(), out);
      }
    } catch (LogUnavailableException | KafkaException e) {
      throw new RoleFailedException(
          "the dead letters could not be read: " + String.valueOf(e.getMessage()), e);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private LetterCounts counts(TopicAdmin admin, TopicScan scan)
      throws InterruptedException, RoleFailedException {
    LetterCounts counts = new LetterCounts();
    List<String> topics =
        config.topic().isEmpty()
            ? scan.topics().stream()
                .filter(name -> name.endsWith(SUFFIX))
                .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                .sorted()
                .toList()
            : List.of(config.topic());
    for (String topic : topics) {
      Map<Integer, Range> letters = letters(scan, topic);
      RedriveLedger ledger = ledger(admin, topic).load(scan);
      scan.records(
          Topics.deadLetters(topic),
          letters,
          message -> {
            Letter letter = new Letter(message);
            if (filter.takes(letter)) {
              counts.add(topic, letter, ledger.times(letter.place()));
            }
          });
    }
    return counts;
  }

  private void show(TopicAdmin admin, TopicScan scan, PrintStream out) throws Exception {
    Map<Integer, Range> letters = letters(scan, config.topic());
    RedriveLedger ledger = ledger(admin, config.topic()).load(scan);
    Path payloadFile = config.payloadFile();
    int[] shown = new int[1];
    scan.<Exception>records(
        Topics.deadLetters(config.topic()),
        letters,
        message -> {
          Letter letter = new Letter(message);
          if (shown[0] < config.limit() && filter.takes(letter)) {
            shown[0]++;
            LetterText.print(letter, ledger.times(letter.place()), config.json(), out);
            if (payloadFile != null) {
              write(payloadFile, letter);
            }
          }
        });
    if (config.at() != null && shown[0] == 0) {
      throw new RoleFailedException(
          "%s has no such letter at %s".formatted(Topics.deadLetters(config.topic()), config.at()));
    }
  }

  private void write(Path file, Letter letter) throws RoleFailedException {
    try {
      Files.write(
          file,
          LetterText.encoded(letter.bytes(), config.payloadEncoding()),
          StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new RoleFailedException("could not write the payload to a new file " + file, e);
    }
  }

  private Redriven redrive(TopicAdmin admin, TopicScan scan, StopRequest stop)
      throws InterruptedException, RoleFailedException {
    String topic = config.topic();
    letters(scan, topic); // Before anything is created.
    String redriveId =
        Instant.now().toString() + "-" + UUID.randomUUID().toString().substring(0, 8);
    WayBack wayBack =
        new WayBack(topic, admin.partitions(topic), admin.maxMessageBytes(topic), redriveId);
    RedriveLedger ledger = ledger(admin, topic);
    if (!config.dryRun()) {
      admin.ensure(RedriveLedger.spec(topic, config.kafka().replicationFactor()));
    }
    try (Redrive redrive = new Redrive(config, redriveId, stop)) {
      redrive.begin();
      ledger.load(scan);
      // The ends are taken once: what dies again meanwhile is another call's.
      scan.records(
          Topics.deadLetters(topic),
          letters(scan, topic),
          message -> redrive.offer(new Letter(message), ledger, wayBack));
      return redrive.end(ledger);
    }
  }

  private static RedriveLedger ledger(TopicAdmin admin, String topic) throws InterruptedException {
    return new RedriveLedger(topic, admin.topicId(Topics.deadLetters(topic)));
  }

  private Map<Integer, Range> letters(TopicScan scan, String topic) throws RoleFailedException {
    Map<Integer, Range> ranges = scan.ranges(Topics.deadLetters(topic));
    if (ranges.isEmpty()) {
      throw new RoleFailedException("there is no topic " + Topics.deadLetters(topic));
    }
    Place at = config.at();
    if (at == null) {
      return ranges;
    }
    Map<Integer, Range> one = new TreeMap<>();
    Range range = ranges.get(at.partition());
    if (range != null && at.offset() >= range.beginning() && at.offset() < range.end()) {
      one.put(at.partition(), new Range(at.offset(), at.offset() + 1));
    }
    return one;
  }
}
