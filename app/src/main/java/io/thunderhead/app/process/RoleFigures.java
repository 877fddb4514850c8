package io.thunderhead.app.process;

import io.thunderhead.app.metrics.MetricsPage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The metrics of all roles, read over HTTP. A counter that starts again at zero with its process
 * goes on here; what a killed process counted after the last look is not seen.
 */
public final class RoleFigures implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMillis(1_500);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Double> last = new HashMap<>();
  private final Map<String, Double> before = new HashMap<>();
  private final Map<ChildRole, MetricsPage> pages = new HashMap<>();
  private List<ChildRole> running = List.of();

  /** Reads all roles at once; one that doesn't answer keeps its last figures. */
  public void read(List<ChildRole> roles) {
    running = List.copyOf(roles);
    Map<ChildRole, CompletableFuture<MetricsPage>> answers = new HashMap<>();
    for (ChildRole role : roles) {
      role.http().ifPresent(address -> answers.put(role, ask(address)));
    }
    answers.forEach((role, answer) -> {
      MetricsPage page = answer.join();
      if (!page.isEmpty()) {
        pages.put(role, page);
      }
    });
  }

  private CompletableFuture<MetricsPage> ask(String address) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).timeout(LIMIT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(answer -> MetricsPage.of(answer.body()))
        // Killed, stopped or starting.
        .exceptionally(failure -> MetricsPage.NOTHING);
  }

  /** The sum over all roles of a counter, as it would be had no process been killed. */
  public double counter(String name, Predicate<String> labels) {
    double sum = 0;
    for (Map.Entry<ChildRole, MetricsPage> page : pages.entrySet()) {
      String key = page.getKey().name() + "/" + name;
      double now = page.getValue().sum(name, labels).orElse(0);
      double then = last.getOrDefault(key, 0.0);
      if (now < then) {
        before.merge(key, then, Double::sum);
      }
      last.put(key, now);
      sum += now + before.getOrDefault(key, 0.0);
    }
    return sum;
  }

  /** One role's counter, as its process counts it. */
  public double counterOf(ChildRole role, String name, Predicate<String> labels) {
    return pages.getOrDefault(role, MetricsPage.NOTHING).sum(name, labels).orElse(0);
  }

  /** The same of a counter that the role itself carries over its restarts. */
  public double lasting(String name) {
    double sum = 0;
    for (Map.Entry<ChildRole, MetricsPage> page : pages.entrySet()) {
      String key = page.getKey().name() + "/" + name;
      double now = page.getValue().sum(name, line -> true).orElse(0);
      last.merge(key, now, Math::max);
      sum += last.getOrDefault(key, 0.0);
    }
    return sum;
  }

  /** The sum of the running roles' gauges whose name ends so; empty if none has one. */
  public OptionalDouble gauges(String ending) {
    double sum = 0;
    boolean found = false;
    for (ChildRole role : running) {
      OptionalDouble one = pages.getOrDefault(role, MetricsPage.NOTHING).sumEnding(ending);
      sum += one.orElse(0);
      found |= one.isPresent();
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  @Override
  public void close() {
    http.close();
  }
}
