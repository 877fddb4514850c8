package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.role.TransformRole;
import io.thunderhead.pipeline.transform.TransformConfig;
import io.thunderhead.pipeline.transform.TransformConfig.InputFormat;
import io.thunderhead.pipeline.transform.TransformConfig.QuotedDelete;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead transform}. */
@Command(
    name = "transform",
    description = {
      "Turns the firehose into in-network events. Any number of transformers of one group share the"
          + " work.",
      "Bad events go to the topic INPUT-TOPIC.dead_letters with their origin and the reason."
    })
final class TransformCommand extends RoleCommand {
  private static final TransformConfig DEFAULTS = TransformConfig.defaults();

  @Mixin private KafkaFlags kafka = new KafkaFlags();
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private AccessFlags access = new AccessFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8081);

  @Option(names = "--input-topic", paramLabel = "TOPIC", description = "What is read.")
  private String inputTopic = DEFAULTS.inputTopic();

  @Option(
      names = "--input-format",
      paramLabel = "FORMAT",
      description =
          "How the input is encoded: thrift or activity; by default what the topic's name says,"
              + " else thrift.")
  private @Nullable InputFormat inputFormat;

  @Option(
      names = "--output-topic",
      paramLabel = "TOPIC",
      description = "Where in-network events go.")
  private String outputTopic = DEFAULTS.outputTopic();

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "Consumer group; its committed offsets say what is done.")
  private String group = DEFAULTS.group();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Members of the group in this process.")
  private int threads = DEFAULTS.threads();

  @Option(names = "--batch-size", paramLabel = "N", description = "Records per poll at most.")
  private int batchSize = DEFAULTS.batchSize();

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
      names = "--quoted-delete",
      paramLabel = "remove|keep",
      description = "What the delete of a quoted post does to the posts that quote it.")
  private QuotedDelete quotedDelete = DEFAULTS.quotedDelete();

  @Option(
      names = "--future-skew-seconds",
      paramLabel = "S",
      description = "How far ahead of our clock a post's creation may lie.")
  private long futureSkewSeconds = DEFAULTS.futureSkewSeconds();

  @Override
  Role role() {
    return new TransformRole(
        kafka.config(),
        access.with(http, httpPort),
        new TransformConfig(
            inputTopic,
            outputTopic,
            format(),
            group,
            threads,
            batchSize,
            packEvents,
            lingerMs,
            compression,
            quotedDelete,
            futureSkewSeconds,
            DEFAULTS.maxUncommittedRecords(),
            DEFAULTS.maxInFlightBytes(),
            DEFAULTS.protocol()));
  }

  private InputFormat format() {
    InputFormat given = inputFormat;
    return given == null ? InputFormat.of(inputTopic) : given;
  }
}
