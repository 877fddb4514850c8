package io.thunderhead.app.audit;

import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.metrics.MetricsPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * What edges say of themselves: they commit no offsets, so it stands in their metrics.
 *
 * @param accepted activities that Kafka acknowledged or that are safe in a spool
 * @param spooled events that a spool still holds
 */
record EdgeLedger(long accepted, long spooled) {
  private static final int OK = 200;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Asks all of them, and adds up. */
  static EdgeLedger read(List<String> addresses) throws RoleFailedException, InterruptedException {
    long accepted = 0;
    long spooled = 0;
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String address : addresses) {
        MetricsPage page = page(http, address);
        accepted += figure(page, address, "thunderhead_edge_accepted_total");
        spooled += figure(page, address, "thunderhead_edge_spool_events");
      }
    }
    return new EdgeLedger(accepted, spooled);
  }

  private static MetricsPage page(HttpClient http, String address)
      throws RoleFailedException, InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://" + address + "/metrics"))
                  .timeout(LIMIT)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new RoleFailedException(
            "the edge at %s answers HTTP %d: its metrics must be open here (--edges)"
                .formatted(address, answer.statusCode()));
      }
      return MetricsPage.of(answer.body());
    } catch (IOException | IllegalArgumentException e) {
      throw new RoleFailedException(
          "the edge at %s does not say its counts: %s (--edges)".formatted(address, e.getMessage()),
          e);
    }
  }

  private static long figure(MetricsPage page, String address, String name)
      throws RoleFailedException {
    return (long)
        page.sum(name, line -> true)
            .orElseThrow(() -> new RoleFailedException(address + " is no edge (--edges)"));
  }
}
