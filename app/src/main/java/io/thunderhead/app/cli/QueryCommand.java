package io.thunderhead.app.cli;

import io.thunderhead.app.config.QueryConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.query.QueryRole;
import java.util.List;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead query}. */
@Command(
    name = "query",
    description = "Asks a serving node for the recent posts by the accounts that a user follows.")
final class QueryCommand extends RoleCommand {
  @Mixin private ClientAccessFlags client = new ClientAccessFlags();

  @Option(names = "--addr", paramLabel = "HOST:PORT", description = "The serving node's gRPC port.")
  private String address = "127.0.0.1:9090";

  @Option(names = "--user", paramLabel = "ID", description = "Who asks; 0: nobody in particular.")
  private long user;

  @Option(
      names = "--following",
      split = ",",
      paramLabel = "ID,…",
      description = "Authors whose posts are wanted; none: the node's follow graph says whose.")
  private List<Long> following = List.of();

  @Option(
      names = "--exclude",
      split = ",",
      paramLabel = "ID,…",
      description = "Posts that must not come back.")
  private List<Long> exclude = List.of();

  @Option(
      names = "--video",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Only posts with a video.")
  private boolean video;

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "At most this many posts; 0: the node's default.")
  private int max;

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Prints one JSON object, with 64-bit numbers as strings.")
  private boolean json;

  @Override
  Level settingsLevel() {
    return Level.DEBUG;
  }

  @Override
  Role role() {
    return new QueryRole(
        new QueryConfig(address, user, following, exclude, video, max, json), client.access());
  }
}
