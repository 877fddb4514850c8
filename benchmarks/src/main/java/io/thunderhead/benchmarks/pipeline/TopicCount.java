package io.thunderhead.benchmarks.pipeline;

import io.thunderhead.app.audit.Audit;
import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.protocol.Topics;
import java.util.List;
import java.util.Set;

/** Reads a topic to its end and counts what is in it. */
final class TopicCount {
  private static final int MAX_IDS = 50_000_000;

  private TopicCount() {}

  /** Different activities. */
  static long activities(String kafka) throws RoleFailedException {
    KafkaConfig brokers = KafkaConfig.open(kafka, false, 1, 1);
    try (Audit audit =
        new Audit(
            new AuditConfig(
                brokers, Set.of(), AuditConfig.USUAL_ROUTES, List.of(), MAX_IDS, false))) {
      var held = audit.repeats(Topics.ACTIVITIES, List.of()).all();
      return held.events() - held.twice();
    }
  }
}
