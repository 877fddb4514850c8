package io.thunderhead.access;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/** What the door counts. A call that is refused here is not seen by what stands behind it. */
final class AccessMetrics {
  private final Counter refused;
  private final Counter welcomed;
  private final Counter reloads;

  AccessMetrics(PrometheusRegistry registry, LongSupplier certificateExpiresSeconds) {
    refused =
        Counter.builder()
            .name("thunderhead_access_refused_requests")
            .help("Requests refused before anything else, by port and reason.")
            .labelNames("port", "reason")
            .register(registry);
    welcomed =
        Counter.builder()
            .name("thunderhead_access_caller_requests")
            .help("gRPC calls let in with a token, by the caller's name in the token file.")
            .labelNames("caller")
            .register(registry);
    reloads =
        Counter.builder()
            .name("thunderhead_access_reloads")
            .help("Changes of certificate and token files, by outcome: taken or failed.")
            .labelNames("outcome")
            .register(registry);
    GaugeWithCallback.builder()
        .name("thunderhead_access_certificate_expiry_seconds")
        .help("When the server's certificate expires, UNIX time; 0 without one.")
        .callback(callback -> callback.call((double) certificateExpiresSeconds.getAsLong()))
        .register(registry);
  }

  void refused(String port, String reason) {
    refused.labelValues(port, reason).inc();
  }

  void welcomed(String caller) {
    welcomed.labelValues(caller).inc();
  }

  void reloaded(boolean taken) {
    reloads.labelValues(taken ? "taken" : "failed").inc();
  }
}
