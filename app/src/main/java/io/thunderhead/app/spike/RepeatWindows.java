package io.thunderhead.app.spike;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thunderhead.app.audit.Audit;
import io.thunderhead.app.audit.AuditReport;
import io.thunderhead.app.audit.EdgeAccount;
import io.thunderhead.app.audit.OutputAccount;
import io.thunderhead.app.audit.TopicRepeats;
import io.thunderhead.app.audit.TopicRepeats.Part;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.protocol.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much may be in the topics twice. A role that is killed repeats what it had written and not
 * committed, and nothing else, so each fault is measured: what was committed just before it, by the
 * ledgers and by the edge's cursor file, and what the topics hold just after it.
 *
 * <pre>
 *   window of a fault = events in the topic after it, less those that were there twice already,
 *                       less those that were committed before it
 *   events twice      ≤ Σ windows of the faults that hit the topic's writer
 * </pre>
 *
 * Used by one thread.
 */
final class RepeatWindows {
  private static final Set<String> WRITTEN_BY_ALL =
      Set.of(Topics.ACTIVITIES, Topics.ENRICHED_ACTIVITIES, Topics.IN_NETWORK_EVENTS);

  private final String kafka;
  private final Path cursorFile;
  private final List<Fault> faults = new ArrayList<>();
  private @Nullable Opened opened;

  private record Opened(Set<String> topics, Map<String, Long> committed) {}

  private record Fault(
      Set<String> topics, Map<String, Long> committed, Map<String, Map<Integer, Long>> ends) {}

  RepeatWindows(String kafka, Path cursorFile) {
    this.kafka = kafka;
    this.cursorFile = cursorFile;
  }

  /** The topics that a role writes to. */
  private static Set<String> writtenBy(String role) {
    return switch (role) {
      case "edge" -> Set.of(Topics.ACTIVITIES);
      case "distribute" -> Set.of(Topics.ENRICHED_ACTIVITIES);
      case "transform" -> Set.of(Topics.IN_NETWORK_EVENTS);
      case "broker" -> WRITTEN_BY_ALL;
      default -> Set.of();
    };
  }

  /**
   * Just before a role is killed.
   *
   * @param spooled events of the edge that are not in its topic yet
   */
  void beforeKill(String role, long spooled) throws IOException, InterruptedException {
    Set<String> topics = writtenBy(role);
    if (topics.isEmpty()) {
      return;
    }
    try (Audit audit = SpikeLedger.audit(kafka, List.of())) {
      Map<String, Long> committed = audit.written();
      committed.put(Topics.ACTIVITIES, acceptedForSure() - spooled);
      opened = new Opened(topics, committed);
    }
  }

  /** Once the broker answers again. */
  void afterKill() {
    Opened before = opened;
    if (before == null) {
      return;
    }
    try (Audit audit = SpikeLedger.audit(kafka, List.of())) {
      Map<String, Map<Integer, Long>> ends = new java.util.HashMap<>();
      before.topics().forEach(topic -> ends.put(topic, audit.ends(topic)));
      faults.add(new Fault(before.topics(), before.committed(), ends));
      opened = null;
    }
  }

  /** Whether the last fault is still to be measured. */
  boolean isOpen() {
    return opened != null;
  }

  /**
   * Every topic's account, once everything has gone through.
   *
   * @param resent what the edge itself says that it had to send again
   */
  List<Repeats> account(Audit audit, AuditReport report, EdgeAccount edge, long resent)
      throws RoleFailedException {
    List<Repeats> all = new ArrayList<>();
    TopicRepeats activities = repeats(audit, Topics.ACTIVITIES);
    all.add(
        new Repeats(
            Topics.ACTIVITIES, edge.twice(), resent + window(Topics.ACTIVITIES, activities, 0)));
    TopicRepeats enriched = repeats(audit, Topics.ENRICHED_ACTIVITIES);
    all.add(
        new Repeats(
            Topics.ENRICHED_ACTIVITIES,
            surplus(report, Topics.ENRICHED_ACTIVITIES),
            window(Topics.ENRICHED_ACTIVITIES, enriched, edge.twice())));
    all.add(
        new Repeats(
            Topics.IN_NETWORK_EVENTS,
            surplus(report, Topics.IN_NETWORK_EVENTS),
            window(
                Topics.IN_NETWORK_EVENTS,
                repeats(audit, Topics.IN_NETWORK_EVENTS),
                enriched.all().twice())));
    return all;
  }

  private TopicRepeats repeats(Audit audit, String topic) throws RoleFailedException {
    List<Map<Integer, Long>> ends = endsOf(topic);
    return ends.isEmpty()
        ? new TopicRepeats(new Part(0, 0), List.of())
        : audit.repeats(topic, ends);
  }

  private List<Map<Integer, Long>> endsOf(String topic) {
    return faults.stream()
        .filter(fault -> fault.topics().contains(topic))
        .map(fault -> fault.ends().getOrDefault(topic, Map.of()))
        .toList();
  }

  /**
   * The windows of the faults that hit a topic's writer; what it was given twice is not its own.
   */
  private long window(String topic, TopicRepeats held, long givenTwice) {
    long sum = 0;
    int next = 0;
    for (Fault fault : faults) {
      if (fault.topics().contains(topic)) {
        Part then = held.before().get(next++);
        long twiceAlready = Math.max(0, then.twice() - givenTwice);
        long committed = fault.committed().getOrDefault(topic, 0L);
        sum += Math.max(0, then.events() - twiceAlready - committed);
      }
    }
    return sum;
  }

  private static long surplus(AuditReport report, String topic) {
    return report.outputs().stream()
        .filter(output -> output.topic().equals(topic))
        .mapToLong(OutputAccount::surplus)
        .sum();
  }

  private long acceptedForSure() throws IOException {
    return Files.exists(cursorFile)
        ? new ObjectMapper().readTree(cursorFile.toFile()).path("accepted").asLong()
        : 0;
  }
}
