package io.thunderhead.app.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.thunderhead.app.audit.CommittedLedgers.Committed;
import io.thunderhead.app.audit.CommittedLedgers.StageLedger;
import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.scan.TopicScan;
import io.thunderhead.app.scan.TopicScan.Range;
import io.thunderhead.log.ClientSettings;
import io.thunderhead.log.group.LedgerCounts;
import io.thunderhead.log.write.DeadLetters;
import io.thunderhead.protocol.PackedRecord;
import io.thunderhead.protocol.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One audit: takes the committed ledgers first, then reads the dead letters, the outputs and the
 * inputs. In this order nothing that a ledger covers can be missing merely because it came later,
 * so stages may go on working meanwhile.
 *
 * <p>Ids are compared in exact sets of at most {@code maxIds}. Where an output has more, the ids
 * are dealt out by a hash into shares that fit, and its topics are read once for each share: the
 * memory is bounded, and the answer is exact whatever the topics hold.
 */
public final class Audit implements AutoCloseable {
  private static final int INDEX_BITS = 20;

  private final AuditConfig config;
  private final ClientSettings client;
  private final TopicScan scan;
  private final PackedRecord.Unpacker unpacker = new PackedRecord.Unpacker();

  public Audit(AuditConfig config) {
    this.config = config;
    this.client = config.kafka().clients();
    this.scan = new TopicScan(client, "thunderhead-audit");
  }

  /** Reads everything once, or as often as the ids need. */
  public AuditReport run() throws InterruptedException, RoleFailedException {
    List<EdgeAccount> edges = new ArrayList<>();
    if (!config.edges().isEmpty()) {
      edges.add(edgeAccount(EdgeLedger.read(config.edges())));
    }
    List<StageLedger> ledgers = CommittedLedgers.read(client, config.groups());
    Map<String, List<Stage>> byOutput = new TreeMap<>();
    for (StageLedger ledger : ledgers) {
      String output = config.routes().get(ledger.topic());
      if (output == null) {
        throw new RoleFailedException(
            "where the events of %s go is not known: say so with --routes %s=TOPIC, or leave its"
                    .formatted(ledger.topic(), ledger.topic())
                + " group "
                + ledger.group()
                + " out with --groups");
      }
      byOutput
          .computeIfAbsent(output, topic -> new ArrayList<>())
          .add(new Stage(ledger, output, scan.ranges(ledger.topic())));
    }
    List<StageAccount> stages = new ArrayList<>();
    List<OutputAccount> outputs = new ArrayList<>();
    for (Map.Entry<String, List<Stage>> entry : byOutput.entrySet()) {
      for (Stage stage : entry.getValue()) {
        readLetters(stage);
      }
      outputs.add(account(entry.getKey(), entry.getValue()));
      entry.getValue().forEach(stage -> stages.add(stage.account()));
    }
    return new AuditReport(edges, stages, outputs, unread(ledgers));
  }

  /** Records of the inputs behind what their groups have committed: a look, without reading any. */
  public long recordsInFlight() throws InterruptedException {
    List<StageLedger> ledgers = CommittedLedgers.read(client, config.groups());
    long inFlight = 0;
    for (String input : config.routes().keySet()) {
      for (Map.Entry<Integer, Range> entry : scan.ranges(input).entrySet()) {
        long done = entry.getValue().beginning();
        for (StageLedger ledger : ledgers) {
          Committed committed = ledger.partitions().get(entry.getKey());
          if (ledger.topic().equals(input) && committed != null) {
            done = Math.max(done, committed.offset());
          }
        }
        inFlight += Math.max(0, entry.getValue().end() - done);
      }
    }
    return inFlight;
  }

  /** What the committed ledgers call written, by output: a look, without reading any. */
  public Map<String, Long> written() throws InterruptedException {
    Map<String, Long> written = new TreeMap<>();
    for (StageLedger ledger : CommittedLedgers.read(client, config.groups())) {
      String output = config.routes().get(ledger.topic());
      if (output != null) {
        long sum = ledger.partitions().values().stream().mapToLong(c -> c.counts().written()).sum();
        written.merge(output, sum, Long::sum);
      }
    }
    return written;
  }

  /** Where a topic's partitions end now. */
  public Map<Integer, Long> ends(String topic) {
    Map<Integer, Long> ends = new TreeMap<>();
    scan.ranges(topic).forEach((partition, range) -> ends.put(partition, range.end()));
    return ends;
  }

  /**
   * Reads a topic once for what it holds twice, also up to earlier ends of its partitions.
   *
   * @throws RoleFailedException if it holds more ids than may be in memory
   */
  public TopicRepeats repeats(String topic, List<Map<Integer, Long>> upTo)
      throws RoleFailedException {
    OutputIds ids = new OutputIds(topic, config.maxIds(), 0, 1);
    long[] events = new long[upTo.size() + 1];
    long[] twice = new long[upTo.size() + 1];
    try {
      scan.records(
          topic,
          scan.ranges(topic),
          message ->
              EventVisitor.visit(
                  message,
                  unpacker,
                  (offset, index, src, at, length) -> {
                    int again = ids.add(src, at, length) ? 0 : 1;
                    for (int i = 0; i <= upTo.size(); i++) {
                      if (i == upTo.size()
                          || offset < upTo.get(i).getOrDefault(message.partition(), 0L)) {
                        events[i]++;
                        twice[i] += again;
                      }
                    }
                  }));
    } catch (LongSet.FullException e) {
      throw new RoleFailedException(
          "%s holds more than %d ids".formatted(topic, config.maxIds()), e);
    }
    List<TopicRepeats.Part> parts = new ArrayList<>();
    for (int i = 0; i < events.length; i++) {
      parts.add(new TopicRepeats.Part(events[i], twice[i]));
    }
    return new TopicRepeats(parts.removeLast(), parts);
  }

  @Override
  public void close() {
    scan.close();
  }

  /** What is in the first topic of what edges accepted, or among its letters. */
  private EdgeAccount edgeAccount(EdgeLedger ledger) {
    int shares = 1;
    while (true) {
      try {
        return edgeAccount(ledger, shares);
      } catch (LongSet.FullException e) {
        shares *= 2;
      }
    }
  }

  private EdgeAccount edgeAccount(EdgeLedger ledger, int shares) throws LongSet.FullException {
    String topic = Topics.ACTIVITIES;
    Map<Integer, Range> ranges = scan.ranges(topic);
    String letters = Topics.deadLetters(topic);
    EventIdentity letterIdentity = new EventIdentity.OfActivity(true);
    long[] events = new long[1];
    long[] refused = new long[1];
    long distinct = 0;
    for (int share = 0; share < shares; share++) {
      OutputIds ids = new OutputIds(topic, config.maxIds(), share, shares);
      EventVisitor count =
          (offset, index, src, at, length) -> {
            events[0]++;
            ids.add(src, at, length);
          };
      scan.records(topic, ranges, message -> EventVisitor.visit(message, unpacker, count));
      distinct += ids.size();
      scan.records(
          letters,
          scan.ranges(letters),
          message -> {
            byte[] value = message.value();
            if (value != null && isRefusal(message, topic)) {
              long id = letterIdentity.of(value, 0, value.length);
              refused[0] += id != EventIdentity.NONE && ids.isMissing(id, false) ? 1 : 0;
            }
          });
    }
    return new EdgeAccount(
        topic,
        ledger.accepted(),
        events[0] / shares,
        distinct,
        refused[0],
        ledger.spooled(),
        isCut(ranges));
  }

  /** Whether a letter is of an activity that never got into its topic. */
  private static boolean isRefusal(ConsumerRecord<byte[], byte[]> letter, String topic) {
    return topic.equals(header(letter, DeadLetters.ORIGIN_TOPIC))
        && number(header(letter, DeadLetters.ORIGIN_PARTITION)) < 0;
  }

  private static boolean isCut(Map<Integer, Range> ranges) {
    return ranges.values().stream().anyMatch(range -> range.beginning() > 0);
  }

  /** Goes through an output and its inputs as often as its ids need. */
  private OutputAccount account(String output, List<Stage> stages) {
    int shares = 1;
    while (true) {
      try {
        return account(output, stages, shares);
      } catch (LongSet.FullException e) {
        shares *= 2;
        stages.forEach(Stage::startAgain);
      }
    }
  }

  private OutputAccount account(String output, List<Stage> stages, int shares)
      throws LongSet.FullException {
    Map<Integer, Range> ranges = scan.ranges(output);
    boolean cut = isCut(ranges);
    long[] events = new long[1];
    long distinct = 0;
    long late = 0;
    for (int share = 0; share < shares; share++) {
      OutputIds ids = new OutputIds(output, config.maxIds(), share, shares);
      EventVisitor count =
          (offset, index, src, at, length) -> {
            events[0]++;
            ids.add(src, at, length);
          };
      scan.records(output, ranges, message -> EventVisitor.visit(message, unpacker, count));
      distinct += ids.size();
      late += ids.lateSize();
      for (Stage stage : stages) {
        readInput(stage, ids, cut, share == 0);
      }
    }
    long written = stages.stream().mapToLong(stage -> stage.written()).sum();
    return new OutputAccount(output, events[0] / shares, distinct, late, written, cut);
  }

  private void readInput(Stage stage, OutputIds ids, boolean outputCut, boolean first)
      throws LongSet.FullException {
    stage.outputCut = outputCut;
    EventIdentity identity = EventIdentity.ofInput(stage.ledger.topic());
    boolean wantsLate = stage.ledger.topic().equals(Topics.LATE_ENRICHMENTS);
    LongSet comesAgain = new LongSet(config.maxIds());
    if (wantsLate) {
      readUncommitted(stage, identity, comesAgain);
    }
    Map<Integer, Range> held = new TreeMap<>();
    stage.ranges.forEach((partition, range) ->
        held.put(
            partition,
            new Range(Math.max(range.beginning(), stage.tally(partition).from), range.end())));
    scan.records(
        stage.ledger.topic(),
        held,
        message -> {
          PartitionTally tally = stage.tally(message.partition());
          EventVisitor.visit(
              message,
              unpacker,
              (offset, index, src, at, length) -> {
                if (offset >= tally.committed) {
                  tally.inFlight += first ? 1 : 0;
                  return;
                }
                tally.held += first ? 1 : 0;
                long id = src == null ? EventIdentity.NONE : identity.of(src, at, length);
                boolean passedOver = identity.late() && !wantsLate && !ids.tellsLateApart();
                if (id != EventIdentity.NONE
                    && !passedOver
                    && !tally.letters.contains(address(offset, index))
                    && !comesAgain.contains(id)
                    && ids.isMissing(id, wantsLate || identity.late())) {
                  if (identity.leftOutBySetting()) {
                    tally.missingBySetting++;
                  } else {
                    tally.missing++;
                  }
                }
              });
        });
  }

  /** Posts that an input holds once more, behind what is committed: they are still to come. */
  private void readUncommitted(Stage stage, EventIdentity identity, LongSet into)
      throws LongSet.FullException {
    Map<Integer, Range> behind = new TreeMap<>();
    stage.ranges.forEach((partition, range) ->
        behind.put(
            partition,
            new Range(Math.max(range.beginning(), stage.tally(partition).committed), range.end())));
    scan.records(
        stage.ledger.topic(),
        behind,
        message ->
            EventVisitor.visit(
                message,
                unpacker,
                (offset, index, src, at, length) -> {
                  long id = src == null ? EventIdentity.NONE : identity.of(src, at, length);
                  if (id != EventIdentity.NONE) {
                    into.add(id);
                  }
                }));
  }

  /** Where the letters of a stage's input came from, each place once. */
  private void readLetters(Stage stage) throws RoleFailedException {
    String topic = Topics.deadLetters(stage.ledger.topic());
    try {
      scan.records(topic, scan.ranges(topic), message -> addLetter(stage, message));
    } catch (LongSet.FullException e) {
      throw new RoleFailedException(
          "%s holds more letters than --max-ids %d: raise it".formatted(topic, config.maxIds()), e);
    }
  }

  private static void addLetter(Stage stage, ConsumerRecord<byte[], byte[]> letter)
      throws LongSet.FullException {
    String reason = header(letter, DeadLetters.REASON);
    PartitionTally tally =
        stage.tallies.get((int) number(header(letter, DeadLetters.ORIGIN_PARTITION)));
    long offset = number(header(letter, DeadLetters.ORIGIN_OFFSET));
    long index = number(header(letter, DeadLetters.ORIGIN_INDEX));
    if (tally == null
        || reason == null
        || !stage.ledger.topic().equals(header(letter, DeadLetters.ORIGIN_TOPIC))) {
      return; // Not a letter of ours.
    }
    boolean covered = offset >= tally.from && offset < tally.committed;
    if (covered && tally.letters.add(address(offset, (int) index))) {
      tally.lettersByReason.merge(reason, 1L, Long::sum);
    }
  }

  /** Topics that should be read by someone and are not. */
  private Map<String, Long> unread(List<StageLedger> ledgers) {
    Map<String, Long> unread = new TreeMap<>();
    for (String input : config.routes().keySet()) {
      if (ledgers.stream().noneMatch(ledger -> ledger.topic().equals(input))) {
        long records =
            scan.ranges(input).values().stream()
                .mapToLong(range -> range.end() - range.beginning())
                .sum();
        if (records > 0) {
          unread.put(input, records);
        }
      }
    }
    return unread;
  }

  /** Exact for indexes below 2^20, which is more events than a record of a megabyte can hold. */
  private static long address(long offset, int index) {
    return (offset << INDEX_BITS | index) + 1;
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The ids in an output, of one share of them. */
  private static final class OutputIds {
    private final EventIdentity identity;
    private final LongSet ids;
    private final LongSet late;
    private final boolean tellsLateApart;
    private final int share;
    private final int shares;

    OutputIds(String topic, int limit, int share, int shares) {
      this.identity = EventIdentity.ofOutput(topic);
      this.ids = new LongSet(limit);
      this.late = new LongSet(limit);
      this.tellsLateApart = identity instanceof EventIdentity.OfActivity;
      this.share = share;
      this.shares = shares;
    }

    boolean tellsLateApart() {
      return tellsLateApart;
    }

    /** False if the event's post is there already. */
    boolean add(byte @Nullable [] src, int at, int length) throws LongSet.FullException {
      long id = src == null ? EventIdentity.NONE : identity.of(src, at, length);
      return id == EventIdentity.NONE || !isOurs(id) || (identity.late() ? late : ids).add(id);
    }

    /** True the first time that an id of this share is asked for and not there. */
    boolean isMissing(long id, boolean asLate) throws LongSet.FullException {
      return isOurs(id) && (asLate && tellsLateApart ? late : ids).add(id);
    }

    long size() {
      return (long) ids.size() + late.size();
    }

    long lateSize() {
      return late.size();
    }

    private boolean isOurs(long id) {
      return Integer.remainderUnsigned((int) (LongSet.mix(id) >>> 32), shares) == share;
    }
  }

  /** What is counted of one partition of an input. */
  private static final class PartitionTally {
    private final LedgerCounts ledger;
    private final long from;
    private final long committed;
    private final LongSet letters;
    private final Map<String, Long> lettersByReason = new HashMap<>();
    private long held;
    private long inFlight;
    private long missing;
    private long missingBySetting;

    PartitionTally(@Nullable Committed done, long beginning, int maxIds) {
      ledger = done == null ? LedgerCounts.startingAt(beginning) : done.counts();
      from = ledger.get(LedgerCounts.FROM);
      committed = done == null ? beginning : done.offset();
      letters = new LongSet(maxIds);
    }
  }

  /** One stage while its topics are read. */
  private final class Stage {
    private final StageLedger ledger;
    private final String output;
    private final Map<Integer, Range> ranges = new TreeMap<>();
    private final Map<Integer, PartitionTally> tallies = new TreeMap<>();
    private boolean outputCut;

    Stage(StageLedger ledger, String output, Map<Integer, Range> held) {
      this.ledger = ledger;
      this.output = output;
      // A partition that is gone hides all that the ledger says of it, and the report has to say
      // so.
      ledger
          .partitions()
          .forEach(
              (partition, done) -> ranges.put(partition, new Range(done.offset(), done.offset())));
      ranges.putAll(held);
      ranges.forEach((partition, range) ->
          tallies.put(
              partition,
              new PartitionTally(
                  ledger.partitions().get(partition), range.beginning(), config.maxIds())));
    }

    PartitionTally tally(int partition) {
      return Objects.requireNonNull(tallies.get(partition));
    }

    long written() {
      return tallies.values().stream().mapToLong(one -> one.ledger.written()).sum();
    }

    void startAgain() {
      for (PartitionTally one : tallies.values()) {
        one.held = 0;
        one.inFlight = 0;
        one.missing = 0;
        one.missingBySetting = 0;
      }
    }

    StageAccount account() {
      List<PartitionBalance> partitions = new ArrayList<>();
      tallies.forEach((partition, one) ->
          partitions.add(
              PartitionBalance.of(
                  new PartitionFacts(
                      partition,
                      one.ledger,
                      one.committed,
                      range(partition).beginning(),
                      one.held,
                      one.inFlight,
                      one.lettersByReason,
                      one.missing,
                      one.missingBySetting,
                      outputCut))));
      return new StageAccount(ledger.group(), ledger.topic(), output, partitions);
    }

    private Range range(int partition) {
      return Objects.requireNonNull(ranges.get(partition));
    }
  }
}
