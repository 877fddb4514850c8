package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.SpikeConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.spike.SpikeRole;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead spike}. */
@Command(
    name = "spike",
    description = {
      "The rehearsal: starts the whole path as processes of their own on a broker in a temporary"
          + " directory, publishes a spike into it over HTTP, draws the rate at the edge against the"
          + " rate inside, and audits what became of every post.",
      "Exit code 0 only if unaccounted is 0."
    })
final class SpikeCommand extends RoleCommand {
  @Mixin private HttpFlags http = new HttpFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8080);

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description =
          "superbowl: steady, a sustained rise to three times that, back; step: the same without"
              + " slopes; second: one second of 25 times the average.")
  private SpikeConfig.Shape shape = SpikeConfig.Shape.SUPERBOWL;

  @Option(
      names = "--scale",
      paramLabel = "X",
      description =
          "1: 8,000 posts a second steady, 25,000 at the peak, the inside limited to 20,000; 0: what"
              + " this machine can carry, measured first.")
  private double scale;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long the load lasts; 0: as its shape wants, one to two minutes.")
  private int seconds;

  @Option(
      names = "--warm-seconds",
      paramLabel = "N",
      description =
          "How long all roles do as much as the inside may before the load begins, so that the picture"
              + " does not show Java's first seconds; what was published meanwhile counts too.")
  private int warmSeconds = 15;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where bend.png, bend.svg, spike.json and the roles' logs go.")
  private Path out = Path.of("spike");

  @Option(
      names = "--instances",
      paramLabel = "N",
      description = "How many of each distributor, worker and transformer.")
  private int instances = 1;

  @Option(
      names = "--enrichers",
      paramLabel = "NAME,…",
      description = "What every post gets before it goes on.")
  private String enrichers = "author-score";

  @Option(
      names = "--faults",
      paramLabel = "WHAT",
      description =
          "Meanwhile: none; kill: each role in turn is killed with -9 and started again, but with"
              + " --instances above 1 the last distributor, worker and transformer are added under"
              + " load and the first, once killed, stay away; pause: a worker is stopped for longer"
              + " than its leases last; all: both.")
  private SpikeConfig.Faults faults = SpikeConfig.Faults.NONE;

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      description = "How long what waits may take to go through after the load's end.")
  private int drainSeconds = 600;

  @Override
  Role role() {
    return new SpikeRole(
        new SpikeConfig(
            http.with(httpPort),
            shape,
            scale,
            seconds,
            warmSeconds,
            out,
            instances,
            List.of(enrichers.split(",")),
            faults,
            drainSeconds));
  }
}
