package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.DemoConfig;
import io.thunderhead.app.demo.DemoRole;
import io.thunderhead.app.lifecycle.Role;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead demo}. */
@Command(
    name = "demo",
    description = {
      "Everything in one process: a Kafka broker, a synthetic firehose, the transformer, a serving"
          + " node and the page.",
      "Ends with a ledger of every event; exit code 0 only if it adds up."
    })
final class DemoCommand extends RoleCommand {
  @Mixin private HttpFlags http = new HttpFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8080);

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      description = "Port for queries; 0: any free one.")
  private int grpcPort = 9090;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Port for Kafka clients; 0: any free one.")
  private int kafkaPort;

  @Option(names = "--rate", paramLabel = "N", description = "Events per second.")
  private int rate = 2000;

  @Option(
      names = "--authors",
      paramLabel = "N",
      description = "How many authors post; author 1 posts most, the next less and less (Zipf).")
  private int authors = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same posts by the same authors.")
  private long seed = 1;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "Ends after this many seconds of events; 0: on Ctrl-C.")
  private long seconds;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Keeps the broker's log there; a next run goes on with it. None: a temporary"
              + " directory, removed at the end.")
  private @Nullable Path dataDir;

  @Override
  Role role() {
    return new DemoRole(
        new DemoConfig(
            http.with(httpPort), grpcPort, kafkaPort, rate, authors, seed, seconds, dataDir));
  }
}
