package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.BrokerConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.role.BrokerRole;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead broker}. */
@Command(
    name = "broker",
    description = "An Apache Kafka broker (one KRaft node), restartable on its directory.")
final class BrokerCommand extends RoleCommand {
  @Mixin private HttpFlags http = new HttpFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8083);

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port for Kafka clients; 0: any free one.")
  private int port = 9092;

  @Option(
      names = "--advertised",
      paramLabel = "HOST:PORT",
      description =
          "What clients are told to connect to, where that is not --bind and --port: a proxy, or a"
              + " host's address outside of a container.")
  private String advertised = "";

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Directory of the broker's log; created if missing, used by one at a time.")
  private Path dataDir = Path.of("thunderhead-data");

  @Override
  Role role() {
    return new BrokerRole(new BrokerConfig(port, advertised, dataDir, http.with(httpPort)));
  }
}
