package io.thunderhead.app.http;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A role's metrics as text for Prometheus, followed by the JVM's. The JVM's are in a registry of
 * their own, so that the figures of the page don't pay for them each second.
 */
public final class MetricsText {
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry jvm = new PrometheusRegistry();
  private final PrometheusRegistry role;

  public MetricsText(PrometheusRegistry role) {
    this.role = role;
    JvmMetrics.builder().register(jvm);
  }

  Answer answer(HttpExchange exchange) throws IOException {
    ExpositionFormatWriter writer =
        formats.findWriter(exchange.getRequestHeaders().getFirst("Accept"));
    ByteArrayOutputStream text = new ByteArrayOutputStream(32 << 10);
    writer.write(text, all());
    return new Answer(200, writer.getContentType(), text.toByteArray());
  }

  private MetricSnapshots all() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    for (MetricSnapshot snapshot : role.scrape()) {
      all.metricSnapshot(snapshot);
    }
    for (MetricSnapshot snapshot : jvm.scrape()) {
      all.metricSnapshot(snapshot);
    }
    return all.build();
  }
}
