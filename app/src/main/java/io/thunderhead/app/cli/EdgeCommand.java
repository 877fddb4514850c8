package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.KafkaConfig;
import io.thunderhead.app.config.SourceConfig;
import io.thunderhead.app.edge.EdgeRole;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.pipeline.edge.ingest.EdgeConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead edge}. */
@Command(
    name = "edge",
    description = {
      "Takes a publisher's stream and writes its activities, whether Kafka is there or not.",
      "A source that ends (a file, standard input) ends it with one JSON object on standard output:"
          + " what became of each record."
    })
final class EdgeCommand extends RoleCommand {
  private static final EdgeConfig DEFAULTS = EdgeConfig.defaults();

  @Mixin private KafkaFlags kafka = new KafkaFlags();
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private AccessFlags access = new AccessFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8082);

  @Option(
      names = "--source",
      paramLabel = "URL|FILE|-",
      description =
          "Where records come from: http(s): lines that never end; ws(s): Jetstream v1; a file or"
              + " file:, plain or gzip; -: standard input; generator:?rate=1000&seed=1&authors=10000"
              + "&events=0: made up. Several URLs are taken for the same stream.")
  private List<String> source = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = ReplayFileCommand.FormatConverter.class,
      description =
          "auto (goes by the first record), higgs, twitter-v11, gnip, jetstream or ndjson.")
  private RecordFormat format = DEFAULTS.format();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Where activities go.")
  private String topic = DEFAULTS.topic();

  @Option(
      names = "--spool-dir",
      paramLabel = "DIR",
      description =
          "Keeps activities there while Kafka is away or slow; used by one edge at a time. None:"
              + " the source is not read then.")
  private @Nullable Path spoolDir;

  @Option(
      names = "--spool-bytes",
      paramLabel = "BYTES",
      description = "What the spool holds at most; a full one stops the reading.")
  private long spoolBytes = DEFAULTS.spoolBytes();

  @Option(
      names = "--spool-after-ms",
      paramLabel = "MS",
      description = "How long an activity waits for Kafka before the spool takes over.")
  private int spoolAfterMs = DEFAULTS.spoolAfterMs();

  @Option(
      names = "--cursor-file",
      paramLabel = "FILE",
      description =
          "Keeps cursor and counts there over restarts. None: the file cursor.json in --spool-dir,"
              + " if there is one.")
  private @Nullable Path cursorFile;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections to each URL at once; what comes twice is taken once.")
  private int connections = 1;

  @Option(
      names = "--authorization-file",
      paramLabel = "FILE",
      description =
          "File whose first line is the value of the Authorization header; never logged, and sent"
              + " to the server of --source only.")
  private @Nullable Path authorizationFile;

  @Option(
      names = "--connect-timeout-ms",
      paramLabel = "MS",
      description = "How long a connection may take to be made.")
  private int connectTimeoutMs = 10_000;

  @Option(
      names = "--stall-timeout-ms",
      paramLabel = "MS",
      description = "A connection that brings no byte for so long is made again.")
  private int stallTimeoutMs = 30_000;

  @Option(
      names = "--backfill-minutes",
      paramLabel = "N",
      description =
          "How far back a new HTTP connection asks at most for what was missed, with the parameter"
              + " backfillMinutes; 0: never.")
  private int backfillMinutes;

  @Option(
      names = "--overlap-seconds",
      paramLabel = "S",
      description = "How far before its cursor a new WebSocket connection begins.")
  private int overlapSeconds = 5;

  @Option(
      names = "--zstd-dictionary",
      paramLabel = "FILE",
      description = "Jetstream's dictionary; asks for compressed frames.")
  private @Nullable Path zstdDictionary;

  @Option(
      names = "--max-line-bytes",
      paramLabel = "BYTES",
      description = "The longest record; a longer one is a dead letter.")
  private int maxLineBytes = EdgeConfig.DEFAULT_MAX_LINE_BYTES;

  @Option(
      names = "--dead-letter-bytes",
      paramLabel = "BYTES",
      description = "How much of a bad record is kept.")
  private int deadLetterBytes = DEFAULTS.deadLetterBytes();

  @Option(
      names = "--dedupe-events",
      paramLabel = "N",
      description =
          "At least so many of the last activities are remembered, so that none is taken twice;"
              + " 0: none.")
  private int dedupeEvents = DEFAULTS.dedupeEvents();

  @Option(
      names = "--future-skew-seconds",
      paramLabel = "S",
      description = "How far ahead of our clock a post's creation may lie.")
  private long futureSkewSeconds = DEFAULTS.futureSkewSeconds();

  @Option(
      names = "--pack-events",
      paramLabel = "N",
      description = "Activities per Kafka record at most; 1: plain records.")
  private int packEvents = DEFAULTS.packEvents();

  @Option(
      names = "--linger-ms",
      paramLabel = "MS",
      description = "How long an activity may wait for others before it is sent.")
  private int lingerMs = DEFAULTS.lingerMs();

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      description = "Codec of the output: none, lz4, zstd, snappy or gzip.")
  private String compression = DEFAULTS.compression();

  @Option(
      names = "--hand-off-events",
      paramLabel = "N",
      description = "Records read and not yet handled, before reading stops.")
  private int handOffEvents = DEFAULTS.handOffEvents();

  @Option(
      names = "--hand-off-bytes",
      paramLabel = "BYTES",
      description = "The same in bytes of memory.")
  private long handOffBytes = DEFAULTS.handOffBytes();

  @Option(
      names = "--window-bytes",
      paramLabel = "BYTES",
      description = "Activities sent or to be sent and not acknowledged by Kafka at most.")
  private long windowBytes = DEFAULTS.windowBytes();

  @Override
  Role role() {
    KafkaConfig cluster = kafka.config();
    SourceConfig from =
        SourceConfig.read(
            source,
            connections,
            authorizationFile,
            connectTimeoutMs,
            stallTimeoutMs,
            maxLineBytes,
            backfillMinutes,
            overlapSeconds,
            zstdDictionary);
    Path cursor = cursorFile;
    Path spool = spoolDir;
    return new EdgeRole(
        cluster,
        access.with(http, httpPort),
        from,
        new EdgeConfig(
            topic,
            cluster.partitions(),
            cluster.replicationFactor(),
            cluster.createTopics(),
            format == RecordFormat.AUTO ? from.usualFormat() : format,
            packEvents,
            lingerMs,
            compression,
            handOffEvents,
            handOffBytes,
            windowBytes,
            dedupeEvents,
            futureSkewSeconds,
            deadLetterBytes,
            spool,
            spoolBytes,
            spoolAfterMs,
            cursor != null || spool == null ? cursor : spool.resolve("cursor.json")));
  }
}
