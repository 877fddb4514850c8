package io.thunderhead.pipeline.enrich.work;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.EnrichmentFailedException;
import io.thunderhead.protocol.v1.Enrichment;
import io.thunderhead.protocol.v1.EnrichmentRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs enrichers. Whatever one throws becomes a failed enrichment, for the next request may be
 * better; an enricher that breaks in a new way is logged once.
 */
final class Workbench {
  private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);

  /** Kinds of breakage that are logged apart. */
  private static final int MAX_LOGGED = 100;

  private final Map<String, Enricher> enrichers = new HashMap<>();
  private final WorkMetrics metrics;
  private final Map<String, String> logged = new HashMap<>(); // guarded by itself

  Workbench(List<Enricher> enrichers, WorkMetrics metrics) {
    for (Enricher enricher : enrichers) {
      this.enrichers.put(enricher.name(), enricher);
    }
    this.metrics = metrics;
  }

  /** Does one request; an interrupt means that it will not be done. */
  Enrichment work(EnrichmentRequest request) throws InterruptedException {
    Enrichment.Builder result = Enrichment.newBuilder();
    String name = request.getEnricher();
    Enricher enricher = enrichers.get(name);
    if (enricher == null) {
      return failed(name, "unknown_enricher");
    }
    long start = System.nanoTime();
    try {
      enricher.enrich(request.getInput(), result);
      metrics.took(name, System.nanoTime() - start);
      return result
          .setName(name)
          .setStatus(Enrichment.Status.STATUS_DONE)
          .clearReason()
          .clearAttempts()
          .build();
    } catch (EnrichmentFailedException e) {
      metrics.took(name, System.nanoTime() - start);
      return failed(name, e.reason());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      broke(name, e);
      return failed(name, "enricher_broke");
    }
  }

  private void broke(String name, Throwable e) {
    String kind = name + e.getClass().getName();
    synchronized (logged) {
      if (logged.size() >= MAX_LOGGED || logged.put(kind, kind) != null) {
        return;
      }
    }
    // Without its message, which may quote the post.
    LOG.warn("The enricher {} broke: {}", name, e.getClass().getName());
  }

  private static Enrichment failed(String name, String reason) {
    return Enrichment.newBuilder()
        .setName(name)
        .setStatus(Enrichment.Status.STATUS_FAILED)
        .setReason(reason)
        .build();
  }
}
