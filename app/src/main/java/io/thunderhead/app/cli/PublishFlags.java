package io.thunderhead.app.cli;

import io.thunderhead.log.write.ProducerSettings;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * How a publisher's events become records. Plain ones unless said otherwise, since publishers of
 * others write such.
 */
final class PublishFlags {
  @Option(
      names = "--pack-events",
      paramLabel = "N",
      description = "Events per Kafka record at most; 1: plain records, as publishers write.")
  private int packEvents = 1;

  @Option(
      names = "--linger-ms",
      paramLabel = "MS",
      description = "How long an event may wait for others before it is sent.")
  private int lingerMs = 10;

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      description = "Codec of the output: none, lz4, zstd, snappy or gzip.")
  private String compression = "none";

  @Option(
      names = "--lanes",
      paramLabel = "N",
      description = "Threads that pack, compress and send side by side; a key keeps its lane.")
  private int lanes = 1;

  ProducerSettings settings() {
    return ProducerSettings.of(
        Map.of(
            "pack.max.events", Integer.toString(packEvents),
            "linger.ms", Integer.toString(lingerMs),
            "compression.codec", compression,
            "producer.lanes", Integer.toString(lanes)));
  }
}
