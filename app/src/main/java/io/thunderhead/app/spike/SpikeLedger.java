package io.thunderhead.app.spike;

import io.thunderhead.app.audit.Audit;
import io.thunderhead.app.audit.AuditReport;
import io.thunderhead.app.audit.EdgeAccount;
import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What became of every post of a run: the publisher's own count against the audit of the topics.
 *
 * @param published different posts that the publisher sent
 * @param accepted different posts in the first topic
 * @param enriched different posts in the second; those that came again with late enrichments once
 * @param written different posts in the third
 * @param inFlight that were still under way
 * @param repeats what each topic holds twice, and what it may
 * @param lost by the audit, and what the publisher sent that is nowhere
 */
record SpikeLedger(
    long published,
    long accepted,
    long enriched,
    long written,
    long inFlight,
    List<Repeats> repeats,
    long lost,
    List<String> problems) {
  private static final int MAX_IDS = 4_000_000;

  SpikeLedger {
    repeats = List.copyOf(repeats);
    problems = List.copyOf(problems);
  }

  /**
   * Reads all topics.
   *
   * @param edge where the edge answers over HTTP
   * @param resent what the edge says that it had to send again
   */
  static SpikeLedger of(
      String kafka, String edge, long published, RepeatWindows windows, long resent)
      throws InterruptedException, RoleFailedException {
    try (Audit audit = audit(kafka, List.of(edge))) {
      AuditReport report = audit.run();
      EdgeAccount first = report.edges().getFirst();
      List<String> problems = new ArrayList<>(report.problems());
      long missing = Math.max(0, published - first.distinct() - first.refused());
      if (missing > 0) {
        problems.add(
            "%,d posts were published, but %,d are in %s"
                .formatted(published, first.distinct(), first.topic()));
      }
      List<Repeats> repeats = windows.account(audit, report, first, resent);
      repeats.stream().filter(one -> !one.withinWindow()).forEach(one -> problems.add(one.words()));
      return new SpikeLedger(
          published,
          first.distinct(),
          distinct(report, Topics.ENRICHED_ACTIVITIES),
          distinct(report, Topics.IN_NETWORK_EVENTS),
          report.stages().stream().mapToLong(stage -> stage.inFlight()).sum(),
          repeats,
          report.unaccounted() - first.unaccounted() + Math.max(first.unaccounted(), missing),
          problems);
    }
  }

  /** Records that the groups have not committed yet, by the broker's own word. */
  static long recordsInFlight(String kafka) throws InterruptedException {
    try (Audit audit = audit(kafka, List.of())) {
      return audit.recordsInFlight();
    }
  }

  static Audit audit(String kafka, List<String> edges) {
    KafkaConfig brokers = KafkaConfig.open(kafka, false, 1, 1);
    return new Audit(
        new AuditConfig(brokers, Set.of(), AuditConfig.USUAL_ROUTES, edges, MAX_IDS, false));
  }

  long unaccounted() {
    return lost;
  }

  long twice() {
    return repeats.stream().mapToLong(Repeats::twice).sum();
  }

  /** Whether nothing is lost or under way, and nothing is there twice that need not be. */
  boolean isSound() {
    return lost == 0 && inFlight == 0 && repeats.stream().allMatch(Repeats::withinWindow);
  }

  private static long distinct(AuditReport report, String topic) {
    return report.outputs().stream()
        .filter(output -> output.topic().equals(topic))
        .mapToLong(output -> output.distinct() - output.late())
        .sum();
  }
}
