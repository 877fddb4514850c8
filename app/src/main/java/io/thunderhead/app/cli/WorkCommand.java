package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.role.WorkRole;
import io.thunderhead.pipeline.enrich.enrichers.Enrichers;
import io.thunderhead.pipeline.enrich.work.WorkConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code thunderhead work}. */
@Command(
    name = "work",
    description =
        "Does enrichments for distributors: any number of workers, anywhere, each taking as much as"
            + " it can finish.")
final class WorkCommand extends RoleCommand {
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private AccessFlags access = new AccessFlags();
  @Mixin private ClientAccessFlags client = new ClientAccessFlags();
  @Mixin private UrlFlags urls = new UrlFlags();

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(8085);

  @Option(
      names = "--distributor",
      paramLabel = "HOST:PORT,…",
      description = "Where requests are pulled from: the gRPC port of each distributor.")
  private String distributor = "127.0.0.1:9091";

  @Option(
      names = "--enrichers",
      paramLabel = "NAME,…",
      description =
          "What it does: language, urls, author-score, or others by a service's name or a class"
              + " name.")
  private String enrichers = DistributeCommand.ENRICHERS;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests that it holds at most, shared out over the distributors.")
  private int concurrency = WorkConfig.DEFAULT_CONCURRENCY;

  @Option(
      names = "--drain-ms",
      paramLabel = "MS",
      description = "How long a stop waits for requests that are being done; the rest goes back.")
  private int drainMs = WorkConfig.DEFAULT_DRAIN_MS;

  @Option(
      names = "--worker-name",
      paramLabel = "NAME",
      description = "What the distributor's log calls it.")
  private String workerName = "worker";

  @Override
  Role role() {
    return new WorkRole(
        access.with(http, httpPort),
        new WorkConfig(List.of(distributor.split(",")), workerName, concurrency, drainMs),
        client.access(),
        Enrichers.of(List.of(enrichers.split(",")), urls.settings()));
  }
}
