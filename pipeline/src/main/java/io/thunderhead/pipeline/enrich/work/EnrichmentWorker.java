package io.thunderhead.pipeline.enrich.work;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.pipeline.enrich.Enricher;
import java.util.ArrayList;
import java.util.List;

/**
 * Does enrichments for distributors, as fast as it can and never more at once than it may hold. It
 * keeps nothing: any number of workers may run anywhere, and each may die at any time.
 */
public final class EnrichmentWorker implements AutoCloseable {
  private final List<Enricher> enrichers;
  private final List<DistributorLink> links = new ArrayList<>();

  /**
   * A worker that does nothing before {@link #start}; the enrichers are its to close.
   *
   * @param access how it shows distributors who it is
   */
  public EnrichmentWorker(
      WorkConfig config,
      List<Enricher> enrichers,
      ClientAccess access,
      PrometheusRegistry registry) {
    this.enrichers = List.copyOf(enrichers);
    WorkMetrics metrics = new WorkMetrics(registry);
    Workbench bench = new Workbench(enrichers, metrics);
    List<String> names = enrichers.stream().map(Enricher::name).toList();
    for (int i = 0; i < config.distributors().size(); i++) {
      links.add(
          new DistributorLink(
              config.distributors().get(i),
              config,
              config.share(i),
              names,
              access,
              bench,
              metrics));
    }
  }

  /** Loads the enrichers, then connects. */
  public void start() {
    enrichers.forEach(Enricher::start);
    links.forEach(DistributorLink::start);
  }

  /** True once a distributor has work for it. */
  public boolean ready() {
    return links.stream().anyMatch(link -> link.problem() == null);
  }

  /** One sentence for each distributor that is away. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (DistributorLink link : links) {
      String problem = link.problem();
      if (problem != null) {
        problems.add(problem);
      }
    }
    return problems;
  }

  /** As a crash would end it: the streams break, with nothing finished and nothing handed back. */
  public void abort() {
    links.forEach(DistributorLink::abort);
  }

  /** Takes nothing more, finishes or hands back what it holds, and disconnects. */
  @Override
  public void close() {
    List<Thread> closing = new ArrayList<>();
    for (DistributorLink link : links) {
      closing.add(Thread.ofVirtual().start(link::close));
    }
    try {
      for (Thread one : closing) {
        one.join();
      }
    } catch (InterruptedException e) {
      closing.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    enrichers.forEach(Enricher::close);
  }
}
