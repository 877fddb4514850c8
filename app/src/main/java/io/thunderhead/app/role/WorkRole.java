package io.thunderhead.app.role;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.HttpConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Readiness;
import io.thunderhead.app.lifecycle.ReadyLine;
import io.thunderhead.app.lifecycle.Resources;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.work.EnrichmentWorker;
import io.thunderhead.pipeline.enrich.work.WorkConfig;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * One enrichment worker, until it is told to stop. It is ready while at least one distributor has
 * work for it; health names those that are away.
 */
public final class WorkRole implements Role {
  private static final Duration CHECK_EVERY = Duration.ofMillis(100);

  private final HttpConfig http;
  private final WorkConfig config;
  private final ClientAccess access;
  private final List<Enricher> enrichers;

  public WorkRole(
      HttpConfig http, WorkConfig config, ClientAccess access, List<Enricher> enrichers) {
    this.http = http;
    this.config = config;
    this.access = access;
    this.enrichers = enrichers;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ReadinessRef readiness = new ReadinessRef("starting");
    ReadyLine ready = new ReadyLine("work");
    try (Resources resources = new Resources()) {
      RoleHttp.open("work", http, registry, readiness, resources).ifPresent(ready::http);
      resources.add("files of access", access.watch(http.access().lookEvery()));
      EnrichmentWorker worker =
          resources.add("worker", new EnrichmentWorker(config, enrichers, access, registry));
      worker.start();
      readiness.set(() -> new Readiness(worker.ready(), worker.problems()));
      boolean said = false;
      do {
        if (!said && worker.ready()) {
          ready.print(out);
          said = true;
        }
      } while (!stop.await(CHECK_EVERY));
      readiness.set(() -> Readiness.no("stopping"));
    }
    return ExitCode.DONE;
  }
}
