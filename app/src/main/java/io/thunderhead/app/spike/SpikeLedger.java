package io.thunderhead.app.spike;

import io.thunderhead.app.audit.Audit;
import io.thunderhead.app.audit.AuditReport;
import io.thunderhead.app.audit.OutputAccount;
import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of every post of a run: the publisher's own count against the audit of the topics.
 *
 * @param published different posts that the publisher sent
 * @param accepted different posts in the first topic
 * @param enriched different posts in the second; those that came again with late enrichments once
 * @param written different posts in the third
 * @param inFlight that were still under way
 * @param twice events that a topic holds beyond its ledgers: written again after a crash
 * @param lostInside by the audit
 */
record SpikeLedger(
    long published,
    long accepted,
    long enriched,
    long written,
    long inFlight,
    long twice,
    long lostInside,
    List<String> problems) {
  private static final int MAX_IDS = 4_000_000;

  SpikeLedger {
    problems = List.copyOf(problems);
  }

  static SpikeLedger of(String kafka, long published)
      throws InterruptedException, RoleFailedException {
    try (Audit audit = new Audit(config(kafka))) {
      AuditReport report = audit.run();
      long accepted = audit.distinctActivities(Topics.ACTIVITIES);
      List<String> problems = new ArrayList<>(report.problems());
      if (accepted < published) {
        problems.add(
            "%,d posts were published, but %,d are in %s"
                .formatted(published, accepted, Topics.ACTIVITIES));
      }
      return new SpikeLedger(
          published,
          accepted,
          distinct(report, Topics.ENRICHED_ACTIVITIES),
          distinct(report, Topics.IN_NETWORK_EVENTS),
          report.stages().stream().mapToLong(stage -> stage.inFlight()).sum(),
          report.outputs().stream().mapToLong(OutputAccount::surplus).sum(),
          report.unaccounted(),
          problems);
    }
  }

  /** Records that the groups have not committed yet, by the broker's own word. */
  static long recordsInFlight(String kafka) throws InterruptedException {
    try (Audit audit = new Audit(config(kafka))) {
      return audit.recordsInFlight();
    }
  }

  private static AuditConfig config(String kafka) {
    KafkaConfig brokers = new KafkaConfig(kafka, Map.of(), false, 1, 1);
    return new AuditConfig(brokers, Set.of(), AuditConfig.USUAL_ROUTES, MAX_IDS, false);
  }

  long unaccounted() {
    return lostInside + Math.max(0, published - accepted);
  }

  private static long distinct(AuditReport report, String topic) {
    return report.outputs().stream()
        .filter(output -> output.topic().equals(topic))
        .mapToLong(output -> output.distinct() - output.late())
        .sum();
  }
}
