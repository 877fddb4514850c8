package io.thunderhead.app.config;

import io.thunderhead.protocol.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an audit looks at.
 *
 * @param groups the consumer groups that count; empty for every one whose offsets carry a ledger
 * @param routes where the events of a topic go: input topic → output topic
 * @param edges HTTP addresses of edges, whose own counts are held against the first topic
 * @param maxIds ids held in memory at once; with more, topics are read several times
 * @param json one JSON object instead of a table
 */
public record AuditConfig(
    KafkaConfig kafka,
    Set<String> groups,
    Map<String, String> routes,
    List<String> edges,
    int maxIds,
    boolean json) {
  /** Where our own topics' events go. */
  public static final Map<String, String> USUAL_ROUTES =
      Map.of(
          Topics.TWEET_EVENTS, Topics.IN_NETWORK_EVENTS,
          Topics.ACTIVITIES, Topics.ENRICHED_ACTIVITIES,
          Topics.LATE_ENRICHMENTS, Topics.ENRICHED_ACTIVITIES,
          Topics.ENRICHED_ACTIVITIES, Topics.IN_NETWORK_EVENTS);

  public AuditConfig {
    groups = Set.copyOf(groups);
    routes = Map.copyOf(routes);
    edges = List.copyOf(edges);
    edges.forEach(edge -> Limits.notBlank("edges", edge));
    Limits.between("max-ids", maxIds, 1_000, 500_000_000);
    routes.forEach((input, output) -> {
      Limits.notBlank("routes", input);
      Limits.notBlank("routes", output);
    });
  }
}
