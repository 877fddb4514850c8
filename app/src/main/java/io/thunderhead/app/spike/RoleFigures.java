package io.thunderhead.app.spike;

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
final class RoleFigures implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Double> last = new HashMap<>();
  private final Map<String, Double> before = new HashMap<>();
  private final Map<ChildRole, List<String>> pages = new HashMap<>();

  /** Reads all roles at once; one that doesn't answer keeps its last figures. */
  void read(List<ChildRole> roles) {
    Map<ChildRole, CompletableFuture<List<String>>> answers = new HashMap<>();
    for (ChildRole role : roles) {
      role.http().ifPresent(address -> answers.put(role, ask(address)));
    }
    answers.forEach((role, answer) -> {
      List<String> page = answer.join();
      if (!page.isEmpty()) {
        pages.put(role, page);
      }
    });
  }

  private CompletableFuture<List<String>> ask(String address) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/metrics")).timeout(LIMIT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(answer -> answer.body().lines().toList())
        // Killed, stopped or starting.
        .exceptionally(failure -> List.of());
  }

  /** The sum over all roles of a counter, as it would be had no process been killed. */
  double counter(String name, Predicate<String> labels) {
    double sum = 0;
    for (Map.Entry<ChildRole, List<String>> page : pages.entrySet()) {
      String key = page.getKey().name() + "/" + name;
      double now = sum(page.getValue(), name, labels).orElse(0);
      double then = last.getOrDefault(key, 0.0);
      if (now < then) {
        before.merge(key, then, Double::sum);
      }
      last.put(key, now);
      sum += now + before.getOrDefault(key, 0.0);
    }
    return sum;
  }

  /** The same of a counter that the role itself carries over its restarts. */
  double lasting(String name) {
    double sum = 0;
    for (Map.Entry<ChildRole, List<String>> page : pages.entrySet()) {
      String key = page.getKey().name() + "/" + name;
      double now = sum(page.getValue(), name, line -> true).orElse(0);
      last.merge(key, now, Math::max);
      sum += last.getOrDefault(key, 0.0);
    }
    return sum;
  }

  /** The sum of the gauges whose name ends so; empty if no role has one. */
  OptionalDouble gauges(String ending) {
    double sum = 0;
    boolean found = false;
    for (List<String> page : pages.values()) {
      for (String line : page) {
        if (nameOf(line).endsWith(ending)) {
          sum += valueOf(line);
          found = true;
        }
      }
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  private static OptionalDouble sum(List<String> page, String name, Predicate<String> labels) {
    double sum = 0;
    boolean found = false;
    for (String line : page) {
      if (nameOf(line).equals(name) && labels.test(line)) {
        sum += valueOf(line);
        found = true;
      }
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }

  private static String nameOf(String line) {
    if (line.startsWith("#")) {
      return "";
    }
    int brace = line.indexOf('{');
    int end = brace >= 0 ? brace : line.indexOf(' ');
    return end < 0 ? "" : line.substring(0, end);
  }

  private static double valueOf(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Override
  public void close() {
    http.close();
  }
}
