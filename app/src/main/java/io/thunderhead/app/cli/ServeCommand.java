package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.role.ServeRole;
import io.thunderhead.protocol.Topics;
import io.thunderhead.serving.ServeConfig;
import io.thunderhead.serving.feed.ConcurrencyLimit;
import io.thunderhead.serving.feed.FeedConfig;
import io.thunderhead.serving.replay.ReplayConfig;
import io.thunderhead.store.StoreConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead serve}. */
@Command(
    name = "serve",
    description =
        "Keeps the recent posts in memory and answers who follows whom wants to see what,"
            + " over gRPC.")
final class ServeCommand extends RoleCommand {
  private static final ServeConfig DEFAULTS = ServeConfig.of(Topics.IN_NETWORK_EVENTS);

  @Mixin private KafkaFlags kafka = new KafkaFlags();
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private AccessFlags access = new AccessFlags();
  @Mixin private StoreFlags store = new StoreFlags();
  @Mixin private SnapshotFlags snapshots = new SnapshotFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8080);

  @Option(names = "--topic", paramLabel = "TOPIC", description = "In-network events.")
  private String topic = DEFAULTS.replay().topic();

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      description = "Port for queries; 0: any free one.")
  private int grpcPort = DEFAULTS.feed().grpcPort();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Reader threads at most; no more run than the topic has partitions.")
  private int threads = DEFAULTS.replay().threads();

  @Option(
      names = "--request-timeout-ms",
      paramLabel = "MS",
      description = "The longest a request may take; 0: as long as its caller waits.")
  private long requestTimeoutMs = DEFAULTS.feed().requestTimeoutMs();

  @Option(
      names = "--max-concurrent-requests",
      paramLabel = "N",
      description = "Requests answered at once at most; the next is refused, never queued.")
  private int maxConcurrentRequests = DEFAULTS.feed().maxConcurrentRequests();

  @Option(
      names = "--concurrency-limit",
      paramLabel = "KIND",
      description =
          "Who says how many of these it is now: ${COMPLETION-CANDIDATES}. vegas and gradient"
              + " answer fewer at once while requests wait for each other.")
  private ConcurrencyLimit concurrencyLimit = DEFAULTS.feed().concurrencyLimit();

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "gRPC connections at once; one more is closed at once.")
  private int maxConnections = DEFAULTS.feed().connections().maxConnections();

  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N",
      description = "Of these from one address; a proxy before this node is one.")
  private int maxConnectionsPerAddress = DEFAULTS.feed().connections().maxConnectionsPerAddress();

  @Option(
      names = "--max-staleness-seconds",
      paramLabel = "S",
      description = "How old answers may be before the node calls itself not ready.")
  private long maxStalenessSeconds = DEFAULTS.replay().maxStalenessSeconds();

  @Option(
      names = "--apply-permits",
      paramLabel = "N",
      description = "Batches applied at once after catch-up, so that reads keep the processors.")
  private int applyPermits = DEFAULTS.replay().applyPermits();

  @Option(
      names = "--following-file",
      paramLabel = "FILE",
      description =
          "Who follows whom, a line USER,FOLLOWED each; reloaded when it changes. Used for"
              + " requests without a following list.")
  private @Nullable Path followingFile;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Who may call over gRPC: a line NAME SHA-256-OF-TOKEN [rate=N] each, N calls a second."
              + " Health is for everybody.")
  private @Nullable Path tokenFile;

  @Override
  Role role() {
    StoreConfig limits = store.config();
    FeedConfig feed =
        DEFAULTS
            .feed()
            .withAddress(http.bind, grpcPort)
            .withRequests(requestTimeoutMs, maxConcurrentRequests, concurrencyLimit)
            .withConnections(
                DEFAULTS
                    .feed()
                    .connections()
                    .withConnections(maxConnections, maxConnectionsPerAddress));
    return new ServeRole(
        kafka.config(),
        access.withGrpc(httpPort, tokenFile),
        new ServeConfig(
            new ReplayConfig(topic, threads, maxStalenessSeconds, applyPermits),
            limits,
            feed,
            followingFile,
            DEFAULTS.drainGrace(),
            snapshots.config(threads)));
  }
}
