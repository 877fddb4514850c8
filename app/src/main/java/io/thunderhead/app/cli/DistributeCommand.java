package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.role.DistributeRole;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Leasing;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Parking;
import io.thunderhead.pipeline.enrich.distribute.DistributeConfig.Queue;
import io.thunderhead.pipeline.enrich.enrichers.Enrichers;
import io.thunderhead.pipeline.enrich.enrichers.UrlSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead distribute}. */
@Command(
    name = "distribute",
    description = {
      "Has activities enriched by workers, who pull requests from it, and writes them with the"
          + " status of each enrichment. Any number of distributors of one group share the work.",
      "Bad events go to the topic INPUT-TOPIC.dead_letters with their origin and the reason."
    })
final class DistributeCommand extends RoleCommand {
  static final String ENRICHERS = "language,urls,author-score";

  private static final DistributeConfig DEFAULTS = DistributeConfig.defaults();

  @Mixin private KafkaFlags kafka = new KafkaFlags();
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private AccessFlags access = new AccessFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8084);

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      description = "Port for workers; 0: any free one.")
  private int grpcPort = DEFAULTS.grpcPort();

  @Option(names = "--input-topic", paramLabel = "TOPIC", description = "Activities to enrich.")
  private String inputTopic = DEFAULTS.inputTopic();

  @Option(
      names = "--output-topic",
      paramLabel = "TOPIC",
      description = "Where activities go, enriched.")
  private String outputTopic = DEFAULTS.outputTopic();

  @Option(
      names = "--late-topic",
      paramLabel = "TOPIC",
      description = "Where those are kept whose enrichments were not in when they had to leave.")
  private String lateTopic = DEFAULTS.lateTopic();

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "Consumer group; the late ones are read in NAME-late.")
  private String group = DEFAULTS.group();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Members of the group in this process.")
  private int threads = DEFAULTS.threads();

  @Option(names = "--batch-size", paramLabel = "N", description = "Records per poll at most.")
  private int batchSize = DEFAULTS.batchSize();

  @Option(
      names = "--enrichers",
      paramLabel = "NAME,…",
      description =
          "What activities get: language, urls, author-score, or others by a service's name or a"
              + " class name.")
  private String enrichers = ENRICHERS;

  @Option(
      names = "--max-rate",
      paramLabel = "N",
      description =
          "Activities a second that it takes at most; the rest waits in Kafka. 0: no limit.")
  private int maxRate = DEFAULTS.maxRate();

  @Option(
      names = "--queue-size",
      paramLabel = "N",
      description = "Requests of an enricher that wait for workers at most.")
  private int queueSize = DEFAULTS.queue().size();

  @Option(
      names = "--queue-bytes",
      paramLabel = "BYTES",
      description = "Bytes of all requests that wait at most.")
  private long queueBytes = DEFAULTS.queue().bytes();

  @Option(
      names = "--park-ms",
      paramLabel = "MS",
      description = "How long an activity is parked for its enrichments.")
  private int parkMs = DEFAULTS.parking().parkMs();

  @Option(
      names = "--park-rounds",
      paramLabel = "N",
      description = "How often it is parked before it leaves with what there is.")
  private int parkRounds = DEFAULTS.parking().rounds();

  @Option(
      names = "--park-capacity",
      paramLabel = "N",
      description = "Activities that are parked at most; a fourth as many late ones beside them.")
  private int parkCapacity = DEFAULTS.parking().capacity();

  @Option(
      names = "--lease-ms",
      paramLabel = "MS",
      description = "How long a worker may take for a request before another one gets it.")
  private int leaseMs = DEFAULTS.leases().leaseMs();

  @Option(
      names = "--max-leases",
      paramLabel = "N",
      description = "Leases without an answer after which an enrichment has failed.")
  private int maxLeases = DEFAULTS.leases().maxLeases();

  @Option(
      names = "--late-park-ms",
      paramLabel = "MS",
      description = "How long a late enrichment is waited for, each time.")
  private int lateParkMs = DEFAULTS.leases().lateParkMs();

  @Option(
      names = "--max-late-attempts",
      paramLabel = "N",
      description = "Times that a late enrichment is tried before it has failed.")
  private int maxLateAttempts = DEFAULTS.leases().maxLateAttempts();

  @Option(
      names = "--pack-events",
      paramLabel = "N",
      description = "Events per output record at most; 1: plain records.")
  private int packEvents = DEFAULTS.packEvents();

  @Option(
      names = "--linger-ms",
      paramLabel = "MS",
      description = "How long an event may wait for others before it is sent.")
  private int lingerMs = DEFAULTS.lingerMs();

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      description = "Codec of the output: none, lz4, zstd, snappy or gzip.")
  private String compression = DEFAULTS.compression();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Who may call over gRPC: a line NAME SHA-256-OF-TOKEN [rate=N] each, N calls a second."
              + " Health is for everybody.")
  private @Nullable Path tokenFile;

  @Override
  Role role() {
    return new DistributeRole(
        kafka.config(),
        access.withGrpc(httpPort, tokenFile),
        new DistributeConfig(
            inputTopic,
            outputTopic,
            lateTopic,
            group,
            threads,
            http.bind,
            grpcPort,
            batchSize,
            maxRate,
            new Queue(queueSize, queueBytes),
            new Parking(parkMs, parkRounds, parkCapacity),
            new Leasing(leaseMs, maxLeases, lateParkMs, maxLateAttempts),
            packEvents,
            lingerMs,
            compression,
            DEFAULTS.maxUncommittedRecords(),
            DEFAULTS.maxInFlightBytes(),
            DEFAULTS.protocol()),
        Enrichers.of(List.of(enrichers.split(",")), UrlSettings.defaults()));
  }
}
