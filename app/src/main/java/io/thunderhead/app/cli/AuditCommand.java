package io.thunderhead.app.cli;

import io.thunderhead.app.audit.AuditRole;
import io.thunderhead.app.config.AuditConfig;
import io.thunderhead.app.lifecycle.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead audit}. */
@Command(
    name = "audit",
    description = {
      "Holds the ledgers in the committed offsets against what the topics really hold, and says"
          + " where every event is.",
      "It reads the topics whole and changes nothing; exit code 0 only if unaccounted is 0."
    })
final class AuditCommand extends RoleCommand {
  @Mixin private KafkaFlags kafka = new KafkaFlags();

  @Option(
      names = "--groups",
      split = ",",
      paramLabel = "GROUP,…",
      description = "Consumer groups that count; none: every one whose offsets carry a ledger.")
  private List<String> groups = List.of();

  @Option(
      names = "--routes",
      split = ",",
      paramLabel = "INPUT=OUTPUT,…",
      description = "Where events of topics with names of your own go, beside the usual ones.")
  private List<String> routes = List.of();

  @Option(
      names = "--edges",
      split = ",",
      paramLabel = "HOST:PORT,…",
      description =
          "HTTP addresses of the edges that write activities, each from a stream of its own: what"
              + " they accepted is held against the topic.")
  private List<String> edges = List.of();

  @Option(
      names = "--max-ids",
      paramLabel = "N",
      description =
          "Ids held in memory at once, up to 32 bytes each; with more, topics are read several"
              + " times.")
  private int maxIds = 8_000_000;

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Prints one JSON object.")
  private boolean json;

  @Override
  Level settingsLevel() {
    return Level.DEBUG;
  }

  @Override
  Role role() {
    return new AuditRole(
        new AuditConfig(kafka.config(), Set.copyOf(groups), allRoutes(), edges, maxIds, json));
  }

  private Map<String, String> allRoutes() {
    Map<String, String> all = new TreeMap<>(AuditConfig.USUAL_ROUTES);
    for (String route : routes) {
      String[] ends = route.split("=", -1);
      if (ends.length != 2 || ends[0].isBlank() || ends[1].isBlank()) {
        throw new IllegalArgumentException(
            "--routes must be INPUT=OUTPUT[,INPUT=OUTPUT…], not '" + route + "'");
      }
      all.put(ends[0].strip(), ends[1].strip());
    }
    return all;
  }
}
